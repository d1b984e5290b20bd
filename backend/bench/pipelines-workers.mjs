/**
 * Throughput with 1, 2 and 4 worker processes, and its ratio to one: runs of a pipeline of four steps (a diamond whose
 * steps do nothing, and one whose steps wait 50 ms as a step does that waits for the database), and beside them bare
 * workflows of the engine with four empty steps, in one process.
 *
 *   pnpm --filter @vitrine/backend bench:pipelines-workers [--runs 200] [--concurrency 8]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine, startDatabase, until } from './pipelines-support.mjs';

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, concurrency: { type: 'string', default: '8' } },
});
const RUNS = Number(options.runs);
const dir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
const database = await startDatabase(dir);
const env = {
  ...process.env,
  DATABASE_URL: database.url,
  PIPELINES_CONCURRENCY: options.concurrency,
  PIPELINES_POLL_MS: '50',
  LOG_LEVEL: 'error',
};
const start = (role, args = []) =>
  fork(join(import.meta.dirname, 'pipelines-workers-process.mjs'), [role, ...args], { env });
let offset = 0;
try {
  const workers = [start('work')];
  await until(async () => (await countWorkers()) === 1);
  const base = {};
  for (const count of [1, 2, 4]) {
    while (workers.length < count) workers.push(start('work'));
    await until(async () => (await countWorkers()) === count);
    for (const pipeline of ['empty', 'waiting']) {
      const rate = await measure(pipeline);
      base[pipeline] ??= rate;
      console.log(
        `${String(count)} worker${count > 1 ? 's' : ' '}  ${pipeline.padEnd(8)} ${rate.toFixed(1).padStart(7)} runs/s  × ${(rate / base[pipeline]).toFixed(2)}`,
      );
    }
  }
  const twice = await database.query('SELECT FROM pipeline_steps WHERE attempt <> 1');
  console.log(`${offset.toString()} runs of 4 steps; steps tried more than once: ${twice.length}`);
  await Promise.all(workers.map((worker) => stop(worker)));
  const bare = start('bare', [String(RUNS)]);
  const [rate] = await once(bare, 'message');
  await stop(bare);
  console.log(
    `bare engine, 1 process ${rate.toFixed(1).padStart(7)} runs/s  empty runs reach × ${(base.empty / rate).toFixed(2)}`,
  );
  console.log(machine());
} finally {
  await database.close();
  await rm(dir, { recursive: true, force: true });
}

async function measure(pipeline) {
  const launcher = start('launch', [pipeline, String(RUNS), String(offset)]);
  offset += RUNS;
  // From the commit that queues them all to the end of the last.
  const [startedAt] = await once(launcher, 'message');
  await until(async () => {
    const [{ open }] = await database.query(
      `SELECT count(*)::integer AS open FROM pipeline_runs WHERE state IN ('queued', 'running')`,
    );
    return open === 0;
  });
  const [{ ended, failed }] = await database.query(
    `SELECT extract(epoch FROM max(finished_at)) * 1000 AS ended,
       count(*) FILTER (WHERE state <> 'succeeded')::integer AS failed FROM pipeline_runs`,
  );
  if (failed > 0) throw new Error(`${failed} runs failed`);
  return RUNS / ((Number(ended) - startedAt) / 1_000);
}

async function countWorkers() {
  const [found] = await database.query("SELECT to_regclass('pipeline_workers') IS NOT NULL AS yes");
  return found.yes ? (await database.query('SELECT FROM pipeline_workers')).length : 0;
}

async function stop(child) {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
