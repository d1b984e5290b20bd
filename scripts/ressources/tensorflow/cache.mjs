/** Folders kept outside node_modules, so that a second clone neither downloads nor unpacks again. */
import { existsSync, accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const projectCache = resolve(import.meta.dirname, '../../../.tools/cache');
const ABANDONED_MS = 6 * 3600 * 1000;

/** The user's cache folder; one beside the project where that cannot be written. */
async function cacheRoot() {
  const shared = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vitrine');
  try {
    await mkdir(shared, { recursive: true });
    accessSync(shared, constants.W_OK);
    return shared;
  } catch {
    await mkdir(projectCache, { recursive: true });
    return projectCache;
  }
}

/**
 * The folder of that name in the cache, made by `fill` when it is not there. Whoever finishes first wins: a folder
 * under its final name is complete, whatever is killed or runs beside.
 *
 * @param {string} name names the contents, version and platform included
 * @param {(folder: string) => Promise<void>} fill writes the contents into an empty folder
 * @returns {Promise<string>} the folder
 */
export async function cachedFolder(name, fill) {
  const root = await cacheRoot();
  const folder = join(root, name);
  if (existsSync(folder)) return folder;
  await removeAbandoned(root);
  const partial = await mkdtemp(join(root, `.partial-${name}-`));
  try {
    await fill(partial);
    await rename(partial, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

/** What a killed run left behind; a young one may still be at work. */
async function removeAbandoned(root) {
  for (const name of await readdir(root)) {
    if (!name.startsWith('.partial-')) continue;
    const path = join(root, name);
    const info = await stat(path).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}
