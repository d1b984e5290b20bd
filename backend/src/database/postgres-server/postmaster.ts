import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A running server, as its `postmaster.pid` tells. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** The server that runs on a data folder, or null; a lock file left by a killed server is removed. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | null> {
  const lockFile = join(dataDir, 'postmaster.pid');
  const lines = (await readFile(lockFile, 'utf8').catch(() => '')).split('\n');
  // Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, status
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0) {
    return null;
  }
  if (!(await isServerOf(pid, dataDir))) {
    // The number may be another process's by now (common in containers): Postgres itself would refuse to start.
    await rm(lockFile, { force: true });
    return null;
  }
  return Number.isInteger(port) && port > 0 ? { pid, port } : null;
}

/** True where the process runs and is a Postgres on this data folder. */
async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      return false;
    }
  }
  if (existsSync('/proc/self/cwd')) {
    // A killed process that its parent has not buried yet has none.
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
    return cwd === (await realpath(dataDir));
  }
  const command = await run('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({ stdout: '' }));
  return /postgres|postmaster/.test(command.stdout);
}
