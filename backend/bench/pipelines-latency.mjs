/**
 * What the embedded worker costs those who ask the API: latency of an open-loop load on its status route without a
 * worker, with an idle one, and while it loads 150,000 customers, and the memory of the process.
 *
 *   pnpm --filter @vitrine/backend bench:pipelines-latency [--rate 100] [--seconds 10]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { machine, startDatabase, until } from './pipelines-support.mjs';
import { run, startServer, waitFor } from './processes.mjs';
import { findFreePort } from './surroundings.mjs';

const { values: options } = parseArgs({
  options: { rate: { type: 'string', default: '100' }, seconds: { type: 'string', default: '10' } },
});
const root = join(import.meta.dirname, '..', '..');
const credentials = { username: 'bench@vitrine.local', password: 'only for this benchmark' };
const dir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
const database = await startDatabase(dir);
try {
  const vitrine = join(root, 'datascience', 'training', 'dist', 'main.js');
  await run(process.execPath, [
    vitrine,
    'demo-customers',
    '--output-dir',
    join(dir, 'files'),
    '--months',
    '1',
  ]);
  await withApi('off', ({ origin, child }) =>
    ask(origin).then((latencies) => report('no worker', latencies, child)),
  );
  await withApi('embedded', async ({ origin, child }) => {
    await until(async () => (await database.query('SELECT FROM pipeline_workers')).length === 1);
    await report('idle worker', await ask(origin), child);
    const token = await login(origin);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await fetch(`${origin}/api/v1/pipelines/load-client-data/runs`, { method: 'POST', headers, body: '{}' });
    await until(
      async () => (await database.query("SELECT FROM pipeline_steps WHERE state = 'running'")).length > 0,
    );
    await report('while it loads', await ask(origin), child);
  });
  console.log(machine());
} finally {
  await database.close();
  await rm(dir, { recursive: true, force: true });
}

async function withApi(worker, work) {
  const port = await findFreePort();
  const server = await startServer([join(root, 'backend', 'dist', 'main.js')], {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    SECRET_KEY: 'only for this benchmark, and long enough',
    FIRST_ADMINUSER: credentials.username,
    FIRST_ADMINUSER_PASSWORD: credentials.password,
    REGISTRY_DIR: join(dir, 'registry'),
    CUSTOMERS_DIR: join(dir, 'files'),
    PIPELINES_WORKER: worker,
    LOG_LEVEL: 'error',
  });
  try {
    const origin = `http://127.0.0.1:${port}`;
    await waitFor(`${origin}/health/live`, 60_000);
    await ask(origin, 2);
    await work({ origin, child: server.child });
  } finally {
    await server.stop();
  }
}

/** Requests at a fixed rate, whatever the answers take. */
async function ask(origin, seconds = Number(options.seconds)) {
  const latencies = [];
  const asked = [];
  const start = performance.now();
  for (let index = 0; index < seconds * Number(options.rate); index += 1) {
    const due = start + (index * 1_000) / Number(options.rate);
    await sleep(Math.max(0, due - performance.now()));
    const answered = fetch(`${origin}/api/v1/`).then((response) => response.text());
    asked.push(answered.then(() => latencies.push(performance.now() - due)));
  }
  await Promise.all(asked);
  return latencies.sort((a, b) => a - b);
}

async function report(name, latencies, { pid }) {
  const at = (share) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))].toFixed(1);
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const rss = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024;
  console.log(
    `${name.padEnd(16)} p50 ${at(0.5).padStart(6)} ms  p95 ${at(0.95).padStart(6)} ms  p99 ${at(0.99).padStart(6)} ms  ${rss.toFixed(0)} MB`,
  );
}

async function login(origin) {
  const response = await fetch(`${origin}/api/v1/login/access-token`, {
    method: 'POST',
    body: new URLSearchParams(credentials),
  });
  return (await response.json()).access_token;
}
