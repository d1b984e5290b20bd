import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { buildConfig } from '../../src/config/build-config.js';
import { buildDataSourceOptions } from '../../src/database/data-source-options.js';
import { PostgresServer } from '../../src/database/postgres-server/postgres-server.js';
import { runMigrations } from '../../src/database/run-migrations.js';
import { SERVER_URL_KEY, TEMPLATE_DATABASE } from './test-database.js';

const PREFIX = 'vitrine-test-postgres-';

/** Tests need speed; what they lose in a crash nobody misses. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Starts the server and builds the template; test processes find it through the environment. */
export async function startTestServer(): Promise<PostgresServer> {
  await removeLeftovers();
  const dir = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  await chmod(dir, 0o711);
  const server = await PostgresServer.open({ dir, settings });
  const { url } = await server.start();
  process.env[SERVER_URL_KEY] = url;
  try {
    await buildTemplate(url);
  } catch (error) {
    await server.destroy();
    throw error;
  }
  return server;
}

async function buildTemplate(serverUrl: string): Promise<void> {
  const admin = new DataSource({ type: 'postgres', url: serverUrl });
  await admin.initialize();
  await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await admin.destroy();
  const url = new URL(serverUrl);
  url.pathname = `/${TEMPLATE_DATABASE}`;
  const template = new DataSource(buildDataSourceOptions(buildConfig({ DATABASE_URL: url.href }, '/')));
  await template.initialize();
  await runMigrations(template);
  await template.destroy();
}

/** A test run that was killed could not stop its server. */
async function removeLeftovers(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const pid = Number(name.slice(PREFIX.length).split('-', 1)[0]);
    if (!isRunning(pid)) {
      const dir = join(tmpdir(), name);
      await PostgresServer.open({ dir })
        .then((leftover) => leftover.destroy())
        .catch(() => rm(dir, { recursive: true, force: true }));
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
