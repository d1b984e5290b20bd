import { PackageError, type ModelManifest, type Predictor } from '@vitrine/inference';
import type { ModelRegistry, ModelVersion } from '@vitrine/mlflow';
import { BackOff, type BackOffOptions } from './back-off.js';
import type { LoadedVersion } from './load-version.js';
import type { SlotStatus } from './model-status.js';
import { obtainVersion, type VersionSource } from './obtain-version.js';
import { sameOrigin, type Origin } from './package-cache.js';
import { settlesWithin } from './settles-within.js';
import type { Releasable } from './shared-predictor.js';

/** How long a model that does not serve yet waits for the registry before the cache is looked at. */
const COLD_START_PATIENCE_MS = 5_000;

/** The version that answers now. */
export interface ServedModel<M = ModelManifest> {
  readonly name: string;
  readonly version: number;
  readonly manifest: M;
}

interface Serving<P extends Releasable, M> extends ServedModel<M> {
  shared: LoadedVersion<P, M>['shared'];
  origin: Origin | null;
}

/** What a slot needs of its surroundings. */
export interface ModelSlotOptions<P extends Releasable = Predictor, M = ModelManifest> extends VersionSource<
  LoadedVersion<P, M>
> {
  name: string;
  alias: string;
  registry: Pick<ModelRegistry, 'findVersionByAlias' | 'downloadVersion'>;
  backOff: BackOffOptions;
  logger: { log(message: string): void; warn(message: string): void };
}

/** One registered model in service: follows its alias and never gives up a good version for a bad one. */
export class ModelSlot<P extends Releasable = Predictor, M = ModelManifest> {
  private serving: Serving<P, M> | null = null;
  private wanted: number | null = null;
  private reason: string | null = 'not loaded yet';
  private checkedAt: number | null = null;
  private retryAt: number | null = null;
  private inFlight: Promise<void> | null = null;
  private closed = false;
  private readonly retiring = new Set<Promise<void>>();
  private readonly backOff: BackOff;

  constructor(private readonly options: ModelSlotOptions<P, M>) {
    this.backOff = new BackOff(options.backOff);
  }

  /** The version that answers now, or null. */
  current(): ServedModel<M> | null {
    return this.serving;
  }

  /** Runs `fn` with the current predictor, which outlives it whatever is swapped meanwhile; null where none serves. */
  use<T>(fn: (predictor: P, model: ServedModel<M>) => Promise<T>): Promise<T> | null {
    const serving = this.serving;
    return serving && serving.shared.use((predictor) => fn(predictor, serving));
  }

  status(): SlotStatus {
    const state = !this.serving ? 'missing' : this.reason === null ? 'ready' : 'degraded';
    return {
      name: this.options.name,
      state,
      version: this.serving?.version ?? null,
      wantedVersion: this.wanted,
      reason: this.reason,
      checkedAt: toIso(this.checkedAt),
      retryAt: toIso(this.retryAt),
    };
  }

  /**
   * Follows the alias once; concurrent calls share one promise. It never rejects: what went wrong is in `status()`.
   *
   * @param force tries a version again although its back-off is not over
   */
  refresh(force = false): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.inFlight ??= this.follow(force)
      .catch((error: unknown) => this.degrade('the model cannot be refreshed', error))
      .finally(() => (this.inFlight = null));
    return this.inFlight;
  }

  /** As `refresh`, from a look at the alias that begins after this call: for one that has just moved. */
  async refreshAnew(): Promise<void> {
    await this.inFlight;
    await this.refresh(true);
  }

  /** Waits for a refresh and for every use in flight, then disposes everything. */
  async close(): Promise<void> {
    this.closed = true;
    await this.inFlight;
    const last = this.serving;
    this.serving = null;
    if (last) this.retire(last);
    await Promise.all(this.retiring);
  }

  private async follow(force: boolean): Promise<void> {
    const { registry, name, alias } = this.options;
    let wanted: ModelVersion | null;
    try {
      const answer = registry.findVersionByAlias(name, alias);
      if (!this.serving) await this.bridge(answer);
      wanted = await answer;
    } catch (error) {
      this.degrade('the registry cannot be reached', error);
      if (!this.serving) await this.serveFromCache(null);
      return;
    }
    this.checkedAt = Date.now();
    this.wanted = wanted?.version ?? null;
    if (!wanted) {
      // An alias that vanished, or a registry that was emptied, takes no good version out of service.
      this.degrade(`no version has the alias ${alias}`);
      if (!this.serving) await this.serveFromCache(null);
    } else if (this.serves(wanted)) this.settle();
    else if (force || !this.backOff.isWaiting(keyOf(wanted), Date.now())) await this.moveTo(wanted);
  }

  /** Nothing serves yet: the cache does where the registry takes its time. */
  private async bridge(answer: Promise<unknown>): Promise<void> {
    if (await settlesWithin(answer, COLD_START_PATIENCE_MS)) return;
    this.degrade('the registry does not answer');
    await this.serveFromCache(null);
  }

  private async moveTo(wanted: ModelVersion): Promise<void> {
    try {
      const loaded = await obtainVersion(wanted, this.options);
      await this.swap(wanted.version, wanted, loaded);
      this.settle();
    } catch (error) {
      this.degrade(`version ${wanted.version} was refused (${codeOf(error)})`, error);
      this.retryAt = this.backOff.fail(keyOf(wanted), Date.now());
      if (!this.serving) await this.serveFromCache(wanted.version);
    }
  }

  /** Last resort of a cold start: the version that served last, or another one that is still sound. */
  private async serveFromCache(except: number | null): Promise<void> {
    const { cache, load, name, logger } = this.options;
    for (const version of await cache.candidates()) {
      if (version === except) continue;
      try {
        const loaded = await load(cache.path(version));
        await this.swap(version, await cache.findOrigin(version), loaded);
        this.reason = `${this.reason}; version ${version} serves from the cache`;
        return;
      } catch (error) {
        logger.warn(`${name}: the cached version ${version} cannot serve: ${describe(error)}`);
      }
    }
  }

  private async swap(version: number, origin: Origin | null, loaded: LoadedVersion<P, M>): Promise<void> {
    const { name, logger, cache } = this.options;
    const previous = this.serving;
    this.serving = { name, version, origin, ...loaded };
    if (previous) this.retire(previous);
    logger.log(
      `${name}: version ${version} serves${previous ? `, version ${previous.version} retires` : ''}`,
    );
    await cache
      .markCurrent(version)
      .catch((error: unknown) => logger.warn(`${name}: the cache cannot be tidied: ${describe(error)}`));
  }

  private retire(model: Serving<P, M>): void {
    const retirement = model.shared
      .retire()
      .catch((error: unknown) =>
        this.options.logger.warn(
          `${model.name}: version ${model.version} was not disposed: ${describe(error)}`,
        ),
      )
      .finally(() => this.retiring.delete(retirement));
    this.retiring.add(retirement);
  }

  private serves(wanted: ModelVersion): boolean {
    const { serving } = this;
    return (
      serving?.version === wanted.version && serving.origin !== null && sameOrigin(serving.origin, wanted)
    );
  }

  private settle(): void {
    this.reason = null;
    this.retryAt = null;
    this.backOff.reset();
  }

  private degrade(reason: string, error?: unknown): void {
    const changed = this.reason !== reason;
    this.reason = reason;
    // A registry that stays away is told once and not at every refresh.
    if (changed)
      this.options.logger.warn(`${this.options.name}: ${reason}${error ? `: ${describe(error)}` : ''}`);
  }
}

function keyOf(version: ModelVersion): string {
  return `${version.version}/${version.createdAt}/${version.source}`;
}

function codeOf(error: unknown): string {
  if (error instanceof PackageError) return error.code;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'load-failed';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
