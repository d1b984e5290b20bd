import { definePipeline } from '../../src/pipelines/definitions/pipeline-definition.js';
import { PipelineRegistry } from '../../src/pipelines/definitions/pipeline-registry.js';
import { RunLauncher } from '../../src/pipelines/engine/run-launcher.js';
import { RunQueue } from '../../src/pipelines/engine/run-queue.js';
import { Scheduler } from '../../src/pipelines/engine/scheduler.js';
import { PipelinesPool } from '../../src/pipelines/store/pipelines-pool.js';
import { RunStore } from '../../src/pipelines/store/run-store.js';
import { ScheduleStore } from '../../src/pipelines/store/schedule-store.js';
import { buildConfig } from '../../src/config/build-config.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const now = new Date('2020-06-15T12:00:00Z');
let database: TestDatabase;
let pool: PipelinesPool;
let queue: RunQueue;
let months: Set<string>;

const monthly = (id: string, catchUp: boolean, waits: boolean) =>
  definePipeline({
    id,
    description: id,
    schedule: {
      cron: '@monthly',
      catchUp,
      startsAt: new Date('2020-01-01T00:00:00Z'),
      ...(waits
        ? { hasData: (time: Date) => Promise.resolve(months.has(time.toISOString().slice(0, 7))) }
        : {}),
    },
    steps: [{ name: 'a', description: 'a', bind: () => () => Promise.resolve({ rowsIn: 0, rowsOut: 0 }) }],
  });
const everyMonth = monthly('every-month', true, false);
const newestMonth = monthly('newest-month', false, false);
const whenThere = monthly('when-there', true, true);

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new PipelinesPool(buildConfig({ DATABASE_URL: database.url }, '/'));
  queue = new RunQueue(pool);
});
afterAll(async () => {
  await queue.onApplicationShutdown();
  await pool.onApplicationShutdown();
  await database.drop();
});

function createScheduler(): Scheduler {
  const registry = new PipelineRegistry([everyMonth, newestMonth, whenThere]);
  const launcher = new RunLauncher(new RunStore(pool), queue, pool);
  const resolve = () => {
    throw new Error('No service is needed');
  };
  return new Scheduler({ registry, schedules: new ScheduleStore(pool), launcher, resolve });
}
const launch = async (definition: typeof everyMonth, time = now): Promise<string[]> =>
  (await createScheduler().launchDue(definition, time)).map((date) => date.toISOString().slice(0, 7));

it('catches up with every interval that has ended, once, however many look', async () => {
  const launched = await Promise.all(Array.from({ length: 6 }, () => launch(everyMonth)));
  await launch(everyMonth);
  const runs = await database.query<{ month: string }>(
    `SELECT to_char(scheduled_for AT TIME ZONE 'UTC', 'YYYY-MM') AS month FROM pipeline_runs
     WHERE pipeline_id = 'every-month' ORDER BY 1`,
  );
  expect(runs.map(({ month }) => month)).toEqual(['2020-01', '2020-02', '2020-03', '2020-04', '2020-05']);
  expect(launched.flat()).toContain('2020-05');
  expect(await launch(everyMonth, new Date('2020-07-01T00:00:00Z'))).toEqual(['2020-06']);
});

it('runs the newest interval alone without catch-up', async () => {
  expect(await launch(newestMonth)).toEqual(['2020-05']);
  expect(await launch(newestMonth)).toEqual([]);
});

it('waits for data that is not there yet, and runs what is missing between what is', async () => {
  months = new Set();
  expect(await launch(whenThere)).toEqual([]);
  months = new Set(['2020-02', '2020-04']);
  expect(await launch(whenThere)).toEqual(['2020-02', '2020-03', '2020-04']);
  expect(await launch(whenThere)).toEqual([]);
  months.add('2020-05');
  expect(await launch(whenThere)).toEqual(['2020-05']);
});

it('makes no run while it is paused, and goes on where it was', async () => {
  const schedules = new ScheduleStore(pool);
  await schedules.setPaused('newest-month', true, 'anna');
  const august = new Date('2020-08-02T00:00:00Z');
  expect(await launch(newestMonth, august)).toEqual([]);
  await schedules.setPaused('newest-month', false, 'anna');
  expect(await launch(newestMonth, august)).toEqual(['2020-07']);
});
