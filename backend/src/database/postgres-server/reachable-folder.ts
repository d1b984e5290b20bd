import { createHash } from 'node:crypto';
import { cp, chmod, lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PostgresServerError } from './postgres-server.error.js';
import type { ServerUser } from './server-user.js';

/** Where things go that the server's user could not reach in their own place. */
const FALLBACK_PARENT = '/var/tmp';

/** True where the user may pass through every folder down to this one, as far as they exist. */
async function isReachable(path: string, user: ServerUser): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const info = await stat(folder).catch(() => null);
    if (info && !maySearch(info, user)) {
      return false;
    }
    if (folder === dirname(folder)) {
      return true;
    }
  }
}

function maySearch(info: { mode: number; uid: number; gid: number }, user: ServerUser): boolean {
  const bit = info.uid === user.uid ? 0o100 : info.gid === user.gid ? 0o010 : 0o001;
  return (info.mode & bit) !== 0;
}

/** The folder itself, made where it does not exist, or a stable one under /var/tmp where the server's user could not reach it. */
export async function ensureReachableFolder(folder: string, user: ServerUser | null): Promise<string> {
  if (!user || (await isReachable(folder, user))) {
    await mkdir(folder, { recursive: true });
    return folder;
  }
  return ensureOwnFolder(fallbackFor(folder));
}

/** A stable copy of a folder that the server's user can reach, or the folder itself where that is reachable. */
export async function ensureReachableCopy(folder: string, user: ServerUser | null): Promise<string> {
  if (!user || (await isReachable(folder, user))) {
    return folder;
  }
  const home = await ensureOwnFolder(fallbackFor(folder));
  const copy = join(home, 'copy');
  if (!(await stat(copy).catch(() => null))) {
    const partial = `${copy}.partial-${process.pid}`;
    await cp(folder, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return copy;
}

const fallbackFor = (folder: string): string =>
  join(FALLBACK_PARENT, `vitrine-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16)}`);

/** Everybody may write to /var/tmp: a folder that another user left there under our name is refused. */
async function ensureOwnFolder(folder: string): Promise<string> {
  await mkdir(folder, { mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  });
  const info = await lstat(folder);
  if (!info.isDirectory() || info.uid !== process.getuid?.() || (info.mode & 0o022) !== 0) {
    throw new PostgresServerError(
      `${folder} belongs to somebody else: remove it, or set DATABASE_EMBEDDED_DIR`,
    );
  }
  await chmod(folder, 0o711);
  return folder;
}
