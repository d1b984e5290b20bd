import type { ModelRegistry, ModelVersion } from '@vitrine/mlflow';
import type { PackageCache } from './package-cache.js';

/** From where and how versions of one registered model come. */
export interface VersionSource<T> {
  registry: Pick<ModelRegistry, 'downloadVersion'>;
  cache: PackageCache;
  /** Loads and checks a package folder. */
  load: (dir: string) => Promise<T>;
  logger: { warn(message: string): void };
}

/**
 * Loads a version: from the cache where the same one is there and sound, else from the registry.
 *
 * @throws what the registry and `load` throw; a version that cannot be loaded does not stay in the cache
 */
export async function obtainVersion<T>(
  wanted: ModelVersion,
  { registry, cache, load, logger }: VersionSource<T>,
): Promise<T> {
  const { name, version } = wanted;
  if (await cache.holds(wanted)) {
    try {
      return await load(cache.path(version));
    } catch (error) {
      logger.warn(`${name}: the cached version ${version} is damaged: ${describe(error)}`);
    }
  }
  const dir = await cache.add(wanted, (destination) => registry.downloadVersion(name, version, destination));
  try {
    return await load(dir);
  } catch (error) {
    await cache.evict(version);
    throw error;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
