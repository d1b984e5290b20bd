import { pipelineDefinitions } from '../../../src/pipelines/catalogue/pipeline-definitions.js';
import { findPostmaster } from '../../../src/database/postgres-server/postmaster.js';
import { sortSteps } from '../../../src/pipelines/definitions/validate-definitions.js';
import type { PipelineApp, TableHold } from './pipeline-app.js';
import type { WorkerProcess } from './worker-process.js';

/** A step in which the worker is killed. */
export interface KillCase {
  name: string;
  pipeline: string;
  step: string;
  /** Table that the test keeps locked, so that the step cannot end. */
  table: string;
  /** An earlier step that needs the same table, and must be let through. */
  letThrough: string | null;
}

/** How a run ended whose worker was killed. */
export interface KillOutcome {
  state: string;
  interruptions: number;
  /** Milliseconds from the kill until another worker was at the step. */
  takeoverMs: number;
  /** Whether the tables hold exactly what an undisturbed run leaves. */
  isExact: boolean;
}

/** What each step writes or reads, and hence can be held at. */
const tables: Readonly<Record<string, string>> = {
  'load-profiles': 'staging_customer_profiles',
  'load-activity': 'staging_customer_activity',
  'load-labels': 'staging_labels',
  'load-stores': 'staging_stores',
  'check-profiles': 'staging_customer_profiles',
  'check-activity': 'staging_customer_activity',
  'check-labels': 'staging_labels',
  'check-stores': 'staging_stores',
  publish: 'customer_profiles',
  'judge-predictions': 'customer_predictions',
  'load-month': 'staging_store_sales',
  'check-month': 'staging_store_sales',
  'publish-month': 'store_sales',
  'monthly-sales': 'monthly_sales',
  'monthly-avg-count': 'monthly_avg_count',
  'activity-latest': 'customer_activity_latest',
  'feature-store': 'feature_store',
  'check-feature-store': 'feature_store',
};

const TRAINING = 'train-customer-label';

/** The step before that needs the same table. */
const letThrough = (step: string): string | null => {
  if (step === 'check-feature-store') return 'feature-store';
  return step.startsWith('check-') ? step.replace('check-', 'load-') : null;
};

/** Each step of each pipeline but the training, which `killDuringTraining` is for. */
export const killCases: readonly KillCase[] = pipelineDefinitions
  .filter(({ id }) => id !== TRAINING)
  .flatMap((definition) =>
    sortSteps(definition).map(({ name }) => ({
      name: `${definition.id} ${name}`,
      pipeline: definition.id,
      step: name,
      table: tables[name]!,
      letThrough: letThrough(name),
    })),
  );

const READ = `
SELECT 'customer_profiles' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM customer_profiles t
UNION ALL SELECT 'customer_activity', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM customer_activity t
UNION ALL SELECT 'labels', md5(string_agg(idx || ',' || label, '|' ORDER BY idx)) FROM labels
UNION ALL SELECT 'stores', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM stores t
UNION ALL SELECT 'store_sales', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM store_sales t
UNION ALL SELECT 'monthly_sales', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM monthly_sales t
UNION ALL SELECT 'monthly_avg_count', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM monthly_avg_count t
UNION ALL SELECT 'activity_latest', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM customer_activity_latest t
UNION ALL SELECT 'feature_store', md5(string_agg(idx || ',' || label || ',' || scd_a, '|' ORDER BY idx)) FROM feature_store
UNION ALL SELECT 'staged', count(*)::text FROM (SELECT FROM staging_customer_profiles UNION ALL SELECT FROM staging_store_sales) s`;

/** What the tables hold: nothing doubled, nothing half. */
export async function fingerprint(
  app: PipelineApp,
): Promise<{ hashes: Record<string, string | null>; months: Record<string, number> }> {
  const hashes = await app.query<{ name: string; hash: string | null }>(READ);
  const months = await app.query<{ month: string; n: number }>(
    `SELECT to_char(month, 'YYYY-MM') AS month, count(*)::integer AS n FROM store_sales GROUP BY 1`,
  );
  return {
    hashes: Object.fromEntries(hashes.map(({ name, hash }) => [name, hash])),
    months: Object.fromEntries(months.map(({ month, n }) => [month, n])),
  };
}

let days = 0;

/** A worker that is alive, and what the tables hold when nothing went wrong. */
export interface FaultBench {
  worker: WorkerProcess;
  expected: Awaited<ReturnType<typeof fingerprint>>;
}

/** Runs everything once without a fault. The schedule is paused, so that nothing happens by itself. */
export async function prepareFaults(app: PipelineApp): Promise<FaultBench> {
  await app.adminClient.send('POST', '/api/v1/pipelines/load-sales-data/pause', { json: {} });
  const worker = app.spawnWorker();
  for (const pipeline of ['load-client-data', 'load-sales-data'])
    await app.waitForEnd((await ask(app, pipeline)).id);
  await app.waitUntilIdle();
  return { worker, expected: await fingerprint(app) };
}

/** Kills the worker while it is in a step, and lets another one, which is the next to be killed, go on. */
export async function killDuringStep(
  app: PipelineApp,
  bench: FaultBench,
  faultCase: KillCase,
): Promise<KillOutcome> {
  const { step } = faultCase;
  const { hold, id } = await holdStep(app, faultCase);
  const victim = (await app.getRun(id)).steps.find(({ name }) => name === step)!.worker;
  await bench.worker.kill();
  const killedAt = Date.now();
  bench.worker = app.spawnWorker();
  await app.waitForRun(id, ({ steps }) =>
    steps.some(({ name, state, worker }) => name === step && state === 'running' && worker !== victim),
  );
  const takeoverMs = Date.now() - killedAt;
  await hold.release();
  const run = await app.waitForEnd(id);
  await app.waitUntilIdle();
  return {
    state: run.state,
    interruptions: run.steps.find(({ name }) => name === step)!.interruptions,
    takeoverMs,
    isExact: JSON.stringify(await fingerprint(app)) === JSON.stringify(bench.expected),
  };
}

/** Starts a run that cannot get past a step, and waits until it is there. */
async function holdStep(
  app: PipelineApp,
  { pipeline, step, table, letThrough: earlier }: KillCase,
): Promise<{ hold: TableHold; id: string }> {
  let hold = await app.holdTable(table, 'ACCESS EXCLUSIVE');
  const { id, round } = await ask(app, pipeline);
  const isAt = (name: string) =>
    app.waitForRun(
      id,
      (run) =>
        run.round === round && run.steps.some((found) => found.name === name && found.state === 'running'),
    );
  if (earlier !== null) {
    // Locks are given in the order they are asked for: the earlier step's, then ours again.
    await isAt(earlier);
    await app.waitForLocks(table, 1);
    const next = app.holdTable(table, 'ACCESS EXCLUSIVE');
    await app.waitForLocks(table, 2);
    await hold.release();
    hold = await next;
  }
  await isAt(step);
  return { hold, id };
}

/**
 * Kills the worker while it trains, and again while it promotes: the files must be many enough to train on. Tells how
 * the run ended and how many versions it registered.
 */
export async function killDuringTraining(
  app: PipelineApp,
): Promise<{ state: string; versions: number; interruptions: number[] }> {
  await app.adminClient.send('POST', '/api/v1/pipelines/load-sales-data/pause', { json: {} });
  let worker = app.spawnWorker();
  const takeOver = async (): Promise<void> => {
    await worker.kill();
    worker = app.spawnWorker();
  };
  await app.waitForEnd((await ask(app, 'load-client-data')).id);
  await cancelTraining(app);
  await app.waitUntilIdle();
  const hold = await app.holdTable('feature_store', 'ACCESS EXCLUSIVE');
  const { id } = await app.trigger(TRAINING, { scheduled_for: '2030-01-01T00:00:00Z' });
  for (const step of ['check-feature-store', 'train', 'promote']) {
    const ledger = step === 'promote' ? await app.holdTable('model_promotions', 'ACCESS EXCLUSIVE') : null;
    await app.waitForRun(id, ({ steps }) => steps.find(({ name }) => name === step)!.state === 'running');
    await takeOver();
    await app.waitForRun(id, ({ steps }) => steps.find(({ name }) => name === step)!.attempts === 2);
    if (step === 'check-feature-store') await hold.release();
    await ledger?.release();
  }
  const run = await app.waitForEnd(id);
  const model = await app.adminClient.get<{ versions: unknown[] }>('/api/v1/models/customer-label');
  return {
    state: run.state,
    versions: model.body.versions.length,
    interruptions: run.steps.map(({ interruptions }) => interruptions),
  };
}

/** Ends the training that follows a load by itself. */
async function cancelTraining(app: PipelineApp): Promise<void> {
  const runs = `SELECT id FROM pipeline_runs WHERE pipeline_id = '${TRAINING}'`;
  let rows: { id: string }[] = [];
  while (rows.length === 0) rows = await app.query<{ id: string }>(runs);
  await app.adminClient.send('POST', `/api/v1/pipelines/runs/${rows[0]!.id}/cancel`, {});
}

/** Asks for a run of its own; a month of sales is done again where it was done before. */
async function ask(app: PipelineApp, pipeline: string): Promise<{ id: string; round: number }> {
  if (pipeline !== 'load-sales-data') {
    days += 1;
    return app.trigger(pipeline, { scheduled_for: new Date(Date.UTC(2024, 0, days)).toISOString() });
  }
  const run = await app.trigger(pipeline, { scheduled_for: '2020-01-01T00:00:00Z' });
  if (run.is_new) return run;
  const { body } = await app.adminClient.send<{ id: string; round: number }>(
    'POST',
    `/api/v1/pipelines/runs/${run.id}/retry`,
    { json: { from_step: 'load-month' } },
  );
  return body;
}

/** kill -9 of the server itself. */
export async function killPostgres(app: PipelineApp): Promise<void> {
  const [row] = await app.query<{ data_directory: string }>('SHOW data_directory');
  const postmaster = await findPostmaster(row!.data_directory);
  process.kill(postmaster!.pid, 'SIGKILL');
}
