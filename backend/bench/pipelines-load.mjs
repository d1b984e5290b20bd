/**
 * A full load through the pipelines: 150,000 customers with their activity, labels and stores, and 120 months of store
 * sales, from CSV files to published and derived tables, by one worker process. Beside it the same files copied into
 * bare tables with COPY, one after the other, without a check: the least that a load can cost.
 *
 *   pnpm --filter @vitrine/backend bench:pipelines-load [--customers 150000] [--months 120] [--concurrency 4]
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { run, startServer } from './processes.mjs';
import { machine, startDatabase, until } from './pipelines-support.mjs';

const root = join(import.meta.dirname, '..', '..');
const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '150000' },
    months: { type: 'string', default: '120' },
    concurrency: { type: 'string', default: '4' },
  },
});
const dir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
const files = join(dir, 'files');
const database = await startDatabase(dir);
try {
  const vitrine = join(root, 'datascience', 'training', 'dist', 'main.js');
  const sizes = ['--customers', options.customers, '--months', options.months];
  await run(process.execPath, [vitrine, 'demo-customers', '--output-dir', files, ...sizes]);
  const bare = await loadBare();
  const worker = await startWorker();
  try {
    const clients = await measure(worker, () => loadClients());
    const sales = await measure(worker, () => loadSales());
    report('bare COPY', bare, bare);
    report('load-client-data + process-data', clients, bare);
    report('load-sales-data', sales, bare);
    await reportSteps();
    console.log(
      `worker  idle ${worker.idleMb.toFixed(0)} MB, at most ${(await readPeakMb(worker.child.pid)).toFixed(0)} MB`,
    );
    console.log(machine());
  } finally {
    await worker.stop();
  }
} finally {
  await database.close();
  await rm(dir, { recursive: true, force: true });
}

async function startWorker() {
  const worker = await startServer([join(root, 'backend', 'dist', 'worker.js')], {
    DATABASE_URL: database.url,
    CUSTOMERS_DIR: files,
    PIPELINES_CONCURRENCY: options.concurrency,
    LOG_LEVEL: 'warn',
  });
  await until(async () => {
    const [found] = await database.query("SELECT to_regclass('pipeline_workers') IS NOT NULL AS yes");
    return found.yes && (await database.query('SELECT FROM pipeline_workers')).length === 1;
  });
  // Months are asked for when the stores are there.
  await database.query(
    "INSERT INTO pipeline_schedules (pipeline_id, is_paused) VALUES ('load-sales-data', true)",
  );
  await sleep(2_000);
  return { ...worker, idleMb: await readMb(worker.child.pid, 'VmRSS') };
}

async function loadClients() {
  await launch('load-client-data', [new Date()]);
  await waitForRuns(['load-client-data', 'process-data']);
  const [{ rows }] = await database.query(
    `SELECT sum(rows_in)::integer AS rows FROM pipeline_steps WHERE name LIKE 'load-%'`,
  );
  return rows;
}

async function loadSales() {
  const months = (await readdir(join(files, 'sales'))).sort().map((name) => new Date(`${name}T00:00:00Z`));
  await launch('load-sales-data', months);
  await waitForRuns(['load-sales-data']);
  const [{ rows }] = await database.query(
    `SELECT sum(rows_in)::integer AS rows FROM pipeline_steps WHERE name = 'load-month'`,
  );
  return rows;
}

/** Creates runs as the API does, by its own services. */
async function launch(pipelineId, times) {
  const { buildConfig } = await import('../dist/config/build-config.js');
  const { PipelinesPool } = await import('../dist/pipelines/store/pipelines-pool.js');
  const { RunStore } = await import('../dist/pipelines/store/run-store.js');
  const { RunQueue } = await import('../dist/pipelines/engine/run-queue.js');
  const { RunLauncher } = await import('../dist/pipelines/engine/run-launcher.js');
  const { pipelineDefinitions } = await import('../dist/pipelines/catalogue/pipeline-definitions.js');
  const pool = new PipelinesPool(buildConfig({ DATABASE_URL: database.url }, root));
  const queue = new RunQueue(pool);
  const launcher = new RunLauncher(new RunStore(pool), queue, pool);
  const definition = pipelineDefinitions.find(({ id }) => id === pipelineId);
  const common = { parameters: {}, trigger: 'backfill', triggeredBy: 'bench' };
  await launcher.transact(async (client) => {
    for (const scheduledFor of times) await launcher.launch(client, definition, { ...common, scheduledFor });
  });
  await queue.onApplicationShutdown();
  await pool.onApplicationShutdown();
}

async function waitForRuns(pipelines) {
  await until(async () => {
    const runs = await database.query(
      'SELECT pipeline_id, state, error FROM pipeline_runs WHERE pipeline_id = ANY($1)',
      [pipelines],
    );
    const failed = runs.find(({ state }) => state === 'failed' || state === 'cancelled');
    if (failed) throw new Error(`${failed.pipeline_id} ${failed.state}: ${failed.error}`);
    return pipelines.every((id) => {
      const own = runs.filter(({ pipeline_id }) => pipeline_id === id);
      return own.length > 0 && own.every(({ state }) => state === 'succeeded');
    });
  });
}

/** The same files into tables of text, one COPY after the other. */
async function loadBare() {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const months = (await readdir(join(files, 'sales'))).map((name) => join('sales', name, 'sales.csv'));
  const names = ['customer_profiles.csv', 'customer_activity.csv', 'labels.csv', 'stores.csv', ...months];
  await client.query('CREATE SCHEMA bare');
  let rows = 0;
  const start = performance.now();
  for (const [index, name] of names.entries()) {
    const header = (await readFile(join(files, name), 'utf8')).split('\n', 1)[0];
    const table = `bare.t${index}`;
    await client.query(
      `CREATE TABLE ${table} (${header
        .split(',')
        .map((column) => `${column} text`)
        .join(', ')})`,
    );
    const copy = client.query(copyFrom(`COPY ${table} FROM STDIN (FORMAT csv, HEADER)`));
    await pipeline(createReadStream(join(files, name)), copy);
    rows += copy.rowCount;
  }
  const seconds = (performance.now() - start) / 1_000;
  await client.query('DROP SCHEMA bare CASCADE').catch(() => undefined);
  await client.end();
  return { rows, seconds };
}

async function measure({ child }, work) {
  const start = performance.now();
  const rows = await work();
  return { rows, seconds: (performance.now() - start) / 1_000, peakMb: await readPeakMb(child.pid) };
}

function report(name, { rows, seconds, peakMb }, bare) {
  const rate = rows / seconds;
  console.log(
    `${name.padEnd(32)} ${String(rows).padStart(8)} rows  ${seconds.toFixed(1).padStart(6)} s  ` +
      `${Math.round(rate).toLocaleString('en').padStart(9)} rows/s  × ${(rate / (bare.rows / bare.seconds)).toFixed(2)}` +
      (peakMb ? `  peak ${peakMb.toFixed(0)} MB` : ''),
  );
}

async function reportSteps() {
  const steps = await database.query(`
    SELECT run.pipeline_id AS pipeline, step.name, count(*)::integer AS n, sum(rows_out)::integer AS rows,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM step.finished_at - step.started_at)) AS median
    FROM pipeline_steps AS step JOIN pipeline_runs AS run ON run.id = step.run_id
    WHERE step.state = 'succeeded' GROUP BY 1, 2 ORDER BY 1, min(position)`);
  for (const { pipeline: id, name, n, rows, median } of steps)
    console.log(
      `  ${id.padEnd(20)} ${name.padEnd(20)} ${String(n).padStart(4)} ×  ${(median * 1_000).toFixed(0).padStart(6)} ms  ${rows} rows`,
    );
}

function readPeakMb(pid) {
  return readMb(pid, 'VmHWM');
}

/** A figure of the process's memory in MB; 0 where the system does not tell. */
async function readMb(pid, field) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1_024;
}
