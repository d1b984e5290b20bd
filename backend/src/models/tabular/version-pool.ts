import { join } from 'node:path';
import type { TabularManifest, TabularPredictor, TabularTask } from '@vitrine/inference';
import type { ModelRegistry, ModelVersion } from '@vitrine/mlflow';
import { LRUCache } from 'lru-cache';
import type { ServedModel } from '../host/model-slot.js';
import { obtainVersion } from '../host/obtain-version.js';
import { PackageCache } from '../host/package-cache.js';
import { isMissing, ModelVersionNotFoundError } from '../models.errors.js';
import { askRegistry } from '../registry/ask-registry.js';
import type { LoadTabularVersion, TabularVersion } from './load-tabular-version.js';

/** A tabular model that answers. */
export type ServedTabular = ServedModel<TabularManifest>;

/** What a pool is made of. */
export interface VersionPoolOptions {
  registry: Pick<ModelRegistry, 'getVersion' | 'downloadVersion'>;
  cacheDir: string;
  /** Versions of all models together that are in memory at most, and of each on disk. */
  maxVersions: number;
  /** Milliseconds for which a version that could not be loaded is not tried again. */
  retryAfterMs: number;
  load: LoadTabularVersion;
  /** What a registered model must be for; null where anything goes. */
  taskOf: (name: string) => TabularTask | null;
  logger: { warn(message: string): void };
}

/** Failures remembered. */
const MAX_FAILURES = 200;

/** Folder within a model's cache: what was asked for by number never stands in for what an alias named. */
const FOLDER = 'by-version';

/**
 * Versions asked for by number, such as arms of an experiment: loaded when first asked for, the least recently used
 * one released beyond a bound, after its last use.
 */
export class VersionPool {
  private readonly loaded: LRUCache<string, { version: Promise<TabularVersion> }>;
  private readonly failures: LRUCache<string, { error: unknown }>;
  private readonly caches = new Map<string, { cache: PackageCache; turn: Promise<unknown> }>();
  private readonly retiring = new Set<Promise<void>>();

  constructor(private readonly options: VersionPoolOptions) {
    this.loaded = new LRUCache({
      max: options.maxVersions,
      dispose: ({ version }) => this.retire(version),
    });
    this.failures = new LRUCache({ max: MAX_FAILURES, ttl: Math.max(1, options.retryAfterMs) });
  }

  /**
   * Leases a version's predictor for the time of `fn`; concurrent first uses load it once.
   *
   * @throws ModelVersionNotFoundError, ModelNotLoadableError, RegistryUnavailableError, and at once for a while after
   *   the first time; what `fn` throws
   */
  async use<T>(
    name: string,
    version: number,
    fn: (predictor: TabularPredictor, model: ServedTabular) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const { shared, manifest } = await this.obtain(name, version);
      // Others may have pushed it out while it was being loaded.
      if (!shared.isRetired) return shared.use((predictor) => fn(predictor, { name, version, manifest }));
    }
  }

  /** Numbers of a model's versions that are in memory, or on their way into it; rising. */
  list(name: string): number[] {
    return [...this.loaded.keys()]
      .map(parseKey)
      .filter((key) => key.name === name)
      .map(({ version }) => version)
      .sort((a, b) => a - b);
  }

  /** Waits for every use in flight, then releases everything. */
  async close(): Promise<void> {
    this.loaded.clear();
    await Promise.all(this.retiring);
  }

  private obtain(name: string, version: number): Promise<TabularVersion> {
    const key = buildKey(name, version);
    const failure = this.failures.get(key);
    if (failure) return Promise.reject(failure.error as Error);
    const known = this.loaded.get(key);
    if (known) return known.version;
    const entry = { version: this.inTurn(name, (cache) => this.ask(name, version, cache)) };
    this.loaded.set(key, entry);
    entry.version.catch((error: unknown) => {
      if (this.loaded.peek(key) === entry) this.loaded.delete(key);
      this.failures.set(key, { error });
      const cause = (error as Error).cause ?? error;
      this.options.logger.warn(`${name}: version ${version} cannot be loaded: ${describe(cause)}`);
    });
    return entry.version;
  }

  /** One at a time for each model, so that none is removed from the disk while it is being read. */
  private inTurn<T>(name: string, work: (cache: PackageCache) => Promise<T>): Promise<T> {
    let place = this.caches.get(name);
    if (!place) {
      const dir = join(this.options.cacheDir, encodeURIComponent(name), FOLDER);
      const cache = new PackageCache(dir, this.options.maxVersions);
      this.caches.set(name, (place = { cache, turn: cache.open() }));
    }
    const { cache, turn } = place;
    const result = turn.then(() => work(cache));
    place.turn = result.catch(() => undefined);
    return result;
  }

  private ask(name: string, version: number, cache: PackageCache): Promise<TabularVersion> {
    return askRegistry(() => this.load(name, version, cache)).catch((error: unknown) => {
      throw isMissing(error) ? new ModelVersionNotFoundError({ cause: error }) : error;
    });
  }

  private async load(name: string, version: number, cache: PackageCache): Promise<TabularVersion> {
    const { registry, logger, taskOf } = this.options;
    const load = (dir: string) => this.options.load(dir, taskOf(name));
    const wanted = await this.find(name, version, cache);
    const loaded = wanted
      ? await obtainVersion(wanted, { registry, cache, load, logger })
      : await load(cache.path(version));
    await cache
      .markCurrent(version)
      .catch((error: unknown) => logger.warn(`${name}: the cache cannot be tidied: ${describe(error)}`));
    return loaded;
  }

  /** The version as registered; null where the registry is away and the cache has one of this number. */
  private async find(name: string, version: number, cache: PackageCache): Promise<ModelVersion | null> {
    try {
      return await this.options.registry.getVersion(name, version);
    } catch (error) {
      if (isMissing(error) || !(await cache.list()).includes(version)) throw error;
      return null;
    }
  }

  private retire(version: Promise<TabularVersion>): void {
    const retirement = version
      .then(({ shared }) => shared.retire())
      .catch(() => undefined)
      .finally(() => this.retiring.delete(retirement));
    this.retiring.add(retirement);
  }
}

function buildKey(name: string, version: number): string {
  return `${version}/${name}`;
}

function parseKey(key: string): { name: string; version: number } {
  const slash = key.indexOf('/');
  return { version: Number(key.slice(0, slash)), name: key.slice(slash + 1) };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
