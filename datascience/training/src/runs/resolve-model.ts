import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readAnyPackage, readPackage, type AnyManifest, type ModelPackage } from '@vitrine/inference';
import { parseModelUri, resolveVersion, type ModelStore } from '@vitrine/mlflow';

/** A model found by its URI, on disk and verified. */
export interface ResolvedModel {
  package: ModelPackage;
  /** The run that made it. */
  runId: string;
}

/**
 * Fetches the category model that a URI means, into the cache where it is not a folder.
 *
 * @throws StoreError where there is none; PackageError where it is damaged or of another family
 */
export async function resolveModel(store: ModelStore, uri: string, cacheDir: string): Promise<ResolvedModel> {
  const pkg = await readPackage(await fetchModel(store, uri, cacheDir));
  return { package: pkg, runId: pkg.manifest.runId };
}

/** As `resolveModel`, of a model of whichever family. */
export async function resolveAnyModel(
  store: ModelStore,
  uri: string,
  cacheDir: string,
): Promise<ModelPackage<AnyManifest>> {
  return readAnyPackage(await fetchModel(store, uri, cacheDir));
}

/** The folder of the model that a URI means. */
async function fetchModel(store: ModelStore, uri: string, cacheDir: string): Promise<string> {
  const parsed = parseModelUri(uri);
  if (parsed.kind === 'path') return resolve(parsed.path);
  if (parsed.kind === 'run') {
    const key = join('runs', encodeURIComponent(parsed.runId), encodeURIComponent(parsed.artifactPath));
    return fetchOnce(join(cacheDir, 'models', key), (dir) =>
      store.downloadArtifacts(parsed.runId, parsed.artifactPath, dir),
    );
  }
  const { name, version, runId } = await resolveVersion(store, parsed);
  // The run is part of the key: another registry's version of the same number is another model.
  const key = join(encodeURIComponent(name), `${version}-${runId ?? 'no-run'}`);
  return fetchOnce(join(cacheDir, 'models', key), (dir) => store.downloadVersion(name, version, dir));
}

/** Downloads to a temporary folder and renames it: a folder that is there is whole. */
async function fetchOnce(dir: string, download: (dir: string) => Promise<void>): Promise<string> {
  if (await stat(dir).catch(() => null)) return dir;
  const partial = `${dir}.${randomUUID()}.partial`;
  await mkdir(join(dir, '..'), { recursive: true });
  try {
    await download(partial);
    await rename(partial, dir).catch(async (error: NodeJS.ErrnoException) => {
      // Another process was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return dir;
}
