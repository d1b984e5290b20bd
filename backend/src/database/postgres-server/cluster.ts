import { randomBytes } from 'node:crypto';
import { chown, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresBinaries } from './binaries.js';
import { runAs } from './run-as.js';
import type { ServerUser } from './server-user.js';

/** Role and database of our own server. */
export const CLUSTER_NAME = 'vitrine';

/** Appended to `postgresql.conf`: reached over the loopback alone, by password. */
const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = 'warning'
log_line_prefix = '%m [%p] '
`;

/** A data folder with the password of its role. */
export interface Cluster {
  dataDir: string;
  logFile: string;
  password: string;
  /** Major version of Postgres that it belongs to. */
  major: number;
}

/** The cluster in a folder, or null where there is none yet. */
export async function findCluster(folder: string): Promise<Cluster | null> {
  const dir = join(folder, 'cluster');
  const dataDir = join(dir, 'pgdata');
  const version = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version === null) {
    return null;
  }
  const password = (await readFile(join(dir, 'password'), 'utf8')).trim();
  return { dataDir, logFile: join(dataDir, 'server.log'), password, major: Number.parseInt(version, 10) };
}

/** Makes a cluster; a crash half-way leaves none, and of two processes that try at once one wins. */
export async function createCluster(
  folder: string,
  binaries: PostgresBinaries,
  user: ServerUser | null,
): Promise<Cluster> {
  const dir = join(folder, 'cluster');
  const partial = `${dir}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o711 });
  await chmod(partial, 0o711);
  try {
    await initialise(partial, binaries, user);
    await rename(partial, dir).catch(async (error: unknown) => {
      if (!(await findCluster(folder))) {
        throw error;
      }
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return (await findCluster(folder))!;
}

async function initialise(dir: string, { binDir }: PostgresBinaries, user: ServerUser | null): Promise<void> {
  const dataDir = join(dir, 'pgdata');
  const password = randomBytes(24).toString('base64url');
  await writeFile(join(dir, 'password'), password, { mode: 0o600 });
  // initdb reads the password as the server's user, from a file that is its own.
  const handover = join(dir, 'handover');
  await writeFile(handover, password, { mode: 0o600 });
  await mkdir(dataDir, { mode: 0o700 });
  if (user) {
    await chown(handover, user.uid, user.gid);
    await chown(dataDir, user.uid, user.gid);
  }
  const options = [
    '--encoding=UTF8',
    '--locale=C',
    '--auth=scram-sha-256',
    `--username=${CLUSTER_NAME}`,
    '--no-sync',
  ];
  await runAs(user, join(binDir, 'initdb'), ['-D', dataDir, `--pwfile=${handover}`, ...options]);
  await rm(handover);
  await writeFile(join(dataDir, 'postgresql.conf'), settings, { flag: 'a' });
}
