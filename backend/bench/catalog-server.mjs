import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PostgresServer } from '../dist/database/postgres-server/postgres-server.js';
import { startServer, waitFor } from './processes.mjs';
import { findFreePort } from './surroundings.mjs';

const root = join(import.meta.dirname, '..', '..');
const credentials = { username: 'bench@vitrine.local', password: 'only for this benchmark' };
/** The compiled API with an empty catalogue, beside a Postgres of its own (or that of `DATABASE_URL`) with its normal durability. */
export async function startCatalogServer({ registryDir, env = {} } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-catalog-bench-'));
  const postgres = process.env.DATABASE_URL
    ? null
    : await PostgresServer.open({ dir: join(dir, 'postgres') });
  const databaseUrl = process.env.DATABASE_URL ?? (await postgres.start()).url;
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServer([join(root, 'backend', 'dist', 'main.js')], {
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SECRET_KEY: 'only for this benchmark, and long enough',
    FIRST_ADMINUSER: credentials.username,
    FIRST_ADMINUSER_PASSWORD: credentials.password,
    REGISTRY_DIR: registryDir ?? join(dir, 'registry'),
    MODELS_CACHE_DIR: join(dir, 'models'),
    TIME_TO_SELL_TRAIN_AT_FIRST_START: 'false',
    REQUEST_TIMEOUT_MS: '3600000',
    ...env,
  });
  await waitFor(`${origin}/health/ready`, 120_000);
  const token = await login(origin);
  const headers = { authorization: `Bearer ${token}` };
  return {
    origin,
    headers,
    databaseUrl,
    query: (sql, values) => query(databaseUrl, sql, values),
    /** Sends a file of products and answers the report. */
    importProducts: async (body) => {
      const response = await fetch(`${origin}/api/v1/products/import`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/csv' },
        body,
        duplex: 'half',
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.json();
    },
    /** Most memory that the API ever held, in MiB; null where the system does not tell. */
    peakMemory: () => readPeak(server.child.pid),
    /** Processor seconds that the API has used; NaN where the system does not tell. */
    cpuSeconds: () => readCpu(server.child.pid),
    close: async () => {
      await server.stop();
      await postgres?.destroy();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function login(origin) {
  const body = new URLSearchParams(credentials);
  const response = await fetch(`${origin}/api/v1/login/access-token`, { method: 'POST', body });
  return (await response.json()).access_token;
}

async function query(connectionString, sql, values) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return (await client.query(sql, values).finally(() => client.end())).rows;
}

async function readPeak(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(status) ?? [];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}

/** Linux counts the 14th and 15th fields in hundredths of a second (proc_pid_stat(5)). */
async function readCpu(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, , , , , , , , , , , , user, system] = [null, ...stat.slice(stat.lastIndexOf(')') + 2).split(' ')];
  return (Number(user) + Number(system)) / 100;
}

export function describeMachine() {
  const [cpu] = cpus();
  const load = loadavg().map((value) => value.toFixed(1));
  return `machine  ${cpus().length} × ${cpu.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}; load average before ${load.join(' ')}`;
}
