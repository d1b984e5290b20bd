import { join } from 'node:path';
import type { Modality, Predictor } from '@vitrine/inference';
import type { ModelRegistry } from '@vitrine/mlflow';
import type { BackOffOptions } from './back-off.js';
import { loadVersion, type LoadVersion } from './load-version.js';
import { ModelSlot, type ModelSlotOptions, type ServedModel } from './model-slot.js';
import type { ModelStatus } from './model-status.js';
import { PackageCache } from './package-cache.js';
import { settlesWithin } from './settles-within.js';

/** What a host is made of. */
export interface ModelHostOptions {
  registry: Pick<ModelRegistry, 'findVersionByAlias' | 'downloadVersion'>;
  /** Registered model by modality. */
  names: Record<Modality, string>;
  /** The alias that is followed. */
  alias: string;
  cacheDir: string;
  /** Versions kept on disk for each model. */
  cacheVersions: number;
  /** Time between two looks at the alias; 0 looks at the start and on demand only. */
  refreshIntervalMs: number;
  backOff?: BackOffOptions;
  load?: LoadVersion;
  logger: ModelSlotOptions['logger'];
}

/** How long an answer waits for a version to be in service. */
const FOLLOW_PATIENCE_MS = 10_000;

const BACK_OFF: BackOffOptions = { baseMs: 30_000, maxMs: 30 * 60_000 };

/**
 * Serves the category models: loads each registered model's aliased version, checks it, and swaps it without a
 * request noticing.
 */
export class ModelHost {
  private readonly slots: ReadonlyMap<Modality, ModelSlot>;
  private readonly caches: PackageCache[] = [];
  private timer: NodeJS.Timeout | null = null;
  private closed = false;
  private onRefreshed: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly options: ModelHostOptions) {
    const modalities = Object.keys(options.names) as Modality[];
    this.slots = new Map(modalities.map((modality) => [modality, this.buildSlot(modality)]));
  }

  /**
   * Loads what there is and starts following the aliases. Resolves when every model is loaded or refused, at the
   * latest after `patienceMs`: loading then goes on behind it, for a registry that hangs must not keep the API away.
   */
  async start(patienceMs = 30_000): Promise<void> {
    await Promise.all(this.caches.map((cache) => cache.open()));
    await settlesWithin(this.refresh(), patienceMs);
    if (this.options.refreshIntervalMs === 0 || this.closed) return;
    this.timer = setInterval(() => void this.refresh(), this.options.refreshIntervalMs);
    this.timer.unref();
  }

  /** Stops following, waits for what is in flight, releases every model. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearInterval(this.timer);
    await Promise.all([...this.slots.values()].map((slot) => slot.close()));
  }

  /** Looks at every alias now; see `ModelSlot.refresh`. */
  async refresh(force = false): Promise<void> {
    await Promise.all([...[...this.slots.values()].map((slot) => slot.refresh(force)), this.onRefreshed()]);
  }

  /** Has `listener`, which must not reject, run beside every refresh. */
  onRefresh(listener: () => Promise<void>): void {
    this.onRefreshed = listener;
  }

  /** Whether a registered model is one of those served. */
  follows(name: string): boolean {
    return [...this.slots.values()].some((slot) => slot.status().name === name);
  }

  /**
   * Looks at a model's alias because it has moved. Resolves when the version serves or is refused, at the latest after
   * `patienceMs`: loading then goes on behind it.
   */
  async follow(name: string, patienceMs = FOLLOW_PATIENCE_MS): Promise<void> {
    const slots = [...this.slots.values()].filter((slot) => slot.status().name === name);
    await settlesWithin(Promise.all(slots.map((slot) => slot.refreshAnew())), patienceMs);
  }

  /** The version that answers for a modality, or null. */
  current(modality: Modality): ServedModel | null {
    return this.slots.get(modality)?.current() ?? null;
  }

  /** The version in service by its registered name and number, or null. */
  findServed(name: string, version: number): ServedModel | null {
    for (const slot of this.slots.values()) {
      const model = slot.current();
      if (model?.name === name && model.version === version) return model;
    }
    return null;
  }

  /** The registered model that answers for a modality. */
  nameOf(modality: Modality): string {
    return this.options.names[modality];
  }

  /**
   * Leases a modality's predictor for the time of `fn`; a version that is swapped out meanwhile is disposed
   * after it.
   *
   * @returns null where no version serves
   */
  use<T>(
    modality: Modality,
    fn: (predictor: Predictor, model: ServedModel) => Promise<T>,
  ): Promise<T> | null {
    return this.slots.get(modality)?.use(fn) ?? null;
  }

  /** How each model is being served. */
  status(): ModelStatus[] {
    return [...this.slots].map(([modality, slot]) => ({ modality, ...slot.status() }));
  }

  private buildSlot(modality: Modality): ModelSlot {
    const { names, cacheDir, cacheVersions, registry, alias, logger, backOff } = this.options;
    const { load = loadVersion } = this.options;
    const name = names[modality];
    const cache = new PackageCache(join(cacheDir, encodeURIComponent(name)), cacheVersions);
    this.caches.push(cache);
    return new ModelSlot({
      name,
      alias,
      registry,
      cache,
      load: (dir) => load(dir, modality),
      backOff: backOff ?? BACK_OFF,
      logger,
    });
  }
}
