import { join } from 'node:path';
import type { TabularManifest, TabularPredictor, TabularTask } from '@vitrine/inference';
import type { ModelRegistry } from '@vitrine/mlflow';
import type { BackOffOptions } from '../host/back-off.js';
import { ModelSlot, type ModelSlotOptions } from '../host/model-slot.js';
import type { SlotStatus } from '../host/model-status.js';
import { PackageCache } from '../host/package-cache.js';
import { settlesWithin } from '../host/settles-within.js';
import { loadTabularVersion, type LoadTabularVersion } from './load-tabular-version.js';
import { VersionPool, type ServedTabular } from './version-pool.js';

/** What a host is made of. */
export interface TabularHostOptions {
  registry: Pick<ModelRegistry, 'findVersionByAlias' | 'downloadVersion' | 'getVersion'>;
  /** The alias that is followed. */
  alias: string;
  cacheDir: string;
  /** Versions that served which are kept on disk for each model. */
  cacheVersions: number;
  /** Versions asked for by number that are in memory at most. */
  maxVersions: number;
  /** Time between two looks at the aliases; 0 looks at the start and on demand only. */
  refreshIntervalMs: number;
  backOff?: BackOffOptions;
  load?: LoadTabularVersion;
  logger: ModelSlotOptions['logger'];
}

/** How a tabular model is being served. */
export interface TabularStatus extends SlotStatus {
  task: TabularTask;
  /** Versions that are loaded beside it, such as arms of an experiment. */
  loadedVersions: number[];
}

/** How long an answer waits for a version to be in service. */
const FOLLOW_PATIENCE_MS = 10_000;

const BACK_OFF: BackOffOptions = { baseMs: 30_000, maxMs: 30 * 60_000 };

type TabularSlot = ModelSlot<TabularPredictor, TabularManifest>;

/**
 * Serves tabular models: for each registered model that a feature names, the aliased version, swapped without a request
 * noticing; and any other version on demand.
 */
export class TabularHost {
  private readonly slots = new Map<string, { slot: TabularSlot; cache: PackageCache; task: TabularTask }>();
  private readonly pool: VersionPool;
  private timer: NodeJS.Timeout | null = null;
  private state: 'new' | 'started' | 'closed' = 'new';

  constructor(private readonly options: TabularHostOptions) {
    this.pool = new VersionPool({
      ...options,
      retryAfterMs: (options.backOff ?? BACK_OFF).baseMs,
      load: options.load ?? loadTabularVersion,
      taskOf: (name) => this.slots.get(name)?.task ?? null,
    });
  }

  /**
   * Names a registered model to be served, before the application starts: `onModuleInit() { host.serve(name, task) }`.
   *
   * @throws Error where the host has started
   */
  serve(name: string, task: TabularTask): void {
    if (this.state !== 'new') throw new Error(`${name} is named after the start`);
    if (!this.slots.has(name)) this.slots.set(name, this.buildSlot(name, task));
  }

  /**
   * Loads what there is and starts following the aliases. Resolves when every model is loaded or refused, at the
   * latest after `patienceMs`.
   */
  async start(patienceMs = 30_000): Promise<void> {
    this.state = 'started';
    await Promise.all([...this.slots.values()].map(({ cache }) => cache.open()));
    await settlesWithin(this.refresh(), patienceMs);
    if (this.options.refreshIntervalMs === 0 || this.isClosed()) return;
    this.timer = setInterval(() => void this.refresh(), this.options.refreshIntervalMs);
    this.timer.unref();
  }

  /** Stops following, waits for what is in flight, releases every model. */
  async close(): Promise<void> {
    this.state = 'closed';
    if (this.timer) clearInterval(this.timer);
    await Promise.all([this.pool.close(), ...[...this.slots.values()].map(({ slot }) => slot.close())]);
  }

  /** Looks at every alias now; see `ModelSlot.refresh`. */
  async refresh(force = false): Promise<void> {
    await Promise.all([...this.slots.values()].map(({ slot }) => slot.refresh(force)));
  }

  /** Whether a registered model is one of those served. */
  follows(name: string): boolean {
    return this.slots.has(name);
  }

  /** Looks at a model's alias because it has moved; see `ModelHost.follow`. */
  async follow(name: string, patienceMs = FOLLOW_PATIENCE_MS): Promise<void> {
    const slot = this.slots.get(name)?.slot;
    if (slot) await settlesWithin(slot.refreshAnew(), patienceMs);
  }

  /** The version of a model that the alias put in service, or null. */
  current(name: string): ServedTabular | null {
    return this.slots.get(name)?.slot.current() ?? null;
  }

  /**
   * Leases the predictor of the version in service for the time of `fn`.
   *
   * @returns null where none serves
   */
  use<T>(
    name: string,
    fn: (predictor: TabularPredictor, model: ServedTabular) => Promise<T>,
  ): Promise<T> | null {
    return this.slots.get(name)?.slot.use(fn) ?? null;
  }

  /**
   * Leases the predictor of any version for the time of `fn`, having loaded and checked it where that is needed.
   *
   * @throws ModelVersionNotFoundError, ModelNotLoadableError, RegistryUnavailableError; what `fn` throws
   */
  useVersion<T>(
    name: string,
    version: number,
    fn: (predictor: TabularPredictor, model: ServedTabular) => Promise<T>,
  ): Promise<T> {
    if (this.current(name)?.version === version) {
      const answer = this.use(name, fn);
      if (answer) return answer;
    }
    return this.pool.use(name, version, fn);
  }

  /** How each model is being served, in the order of their naming. */
  status(): TabularStatus[] {
    return [...this.slots].map(([name, { slot, task }]) => ({
      task,
      ...slot.status(),
      loadedVersions: this.pool.list(name),
    }));
  }

  private isClosed(): boolean {
    return this.state === 'closed';
  }

  private buildSlot(name: string, task: TabularTask) {
    const { cacheDir, cacheVersions, registry, alias, logger, backOff, load } = this.options;
    const cache = new PackageCache(join(cacheDir, encodeURIComponent(name)), cacheVersions);
    const slot: TabularSlot = new ModelSlot({
      name,
      alias,
      registry,
      cache,
      load: (dir) => (load ?? loadTabularVersion)(dir, task),
      backOff: backOff ?? BACK_OFF,
      logger,
    });
    return { slot, cache, task };
  }
}
