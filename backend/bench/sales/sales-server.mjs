import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { cpus, tmpdir, totalmem, loadavg } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PostgresServer } from '../../dist/database/postgres-server/postgres-server.js';
import { startServer, waitFor } from '../processes.mjs';

const root = join(import.meta.dirname, '..', '..', '..');

/** The API with an empty store of its own, beside a Postgres of its own (or that of `DATABASE_URL`). */
export async function startSalesServer({ store = 'postgres' } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-sales-bench-'));
  const postgres = process.env.DATABASE_URL
    ? null
    : await PostgresServer.open({ dir: join(dir, 'postgres') });
  const databaseUrl = process.env.DATABASE_URL ?? (await postgres.start()).url;
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServer([join(root, 'backend', 'dist', 'main.js')], {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SALES_STORE: store,
    SALES_DIR: join(dir, 'sales'),
    SALES_ANONYMOUS: 'true',
    REGISTRY_DIR: join(dir, 'registry'),
    MODELS_CACHE_DIR: join(dir, 'models'),
  });
  await waitFor(`${origin}/health/live`, 60_000);
  return {
    origin,
    databaseUrl,
    query: (sql, values) => query(databaseUrl, sql, values),
    close: async () => {
      await server.stop();
      await postgres?.destroy();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function query(connectionString, sql, values) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return (await client.query(sql, values).finally(() => client.end())).rows;
}

/** Posts a list and answers what came back. */
export async function postSales(origin, records) {
  const response = await fetch(`${origin}/post_sales`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(records),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

export function describeMachine() {
  const [cpu] = cpus();
  const load = loadavg().map((value) => value.toFixed(1));
  return `machine  ${cpus().length} × ${cpu.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}; load average before ${load.join(' ')}`;
}

async function findFreePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
