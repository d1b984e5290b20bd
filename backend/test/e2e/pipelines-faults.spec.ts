import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresServer } from '../../src/database/postgres-server/postgres-server.js';
import {
  fingerprint,
  killCases,
  killDuringStep,
  killPostgres,
  prepareFaults,
  type FaultBench,
} from '../pipelines/support/fault-cases.js';
import { completeFiles, createPipelineApp, type PipelineApp } from '../pipelines/support/pipeline-app.js';

/** Of the cases that `bench:pipeline-faults` goes through, one of each kind: staged by COPY, published, derived. */
const REPRESENTATIVE = [
  'load-client-data publish',
  'load-sales-data load-month',
  'process-data feature-store',
];

describe('pipelines when processes are killed', () => {
  let app: PipelineApp;
  let bench: FaultBench;
  beforeAll(async () => {
    app = await createPipelineApp();
    await app.writeSmall(completeFiles);
    bench = await prepareFaults(app);
  });
  afterAll(() => app.close());

  it.each(killCases.filter(({ name }) => REPRESENTATIVE.includes(name)))(
    'go on in another worker after kill -9 in $name',
    async (faultCase) => {
      const outcome = await killDuringStep(app, bench, faultCase);
      expect(outcome).toMatchObject({ state: 'succeeded', interruptions: 1, isExact: true });
      expect(outcome.takeoverMs).toBeLessThan(30_000);
    },
  );

  it('do nothing twice when a worker is held up, taken over, and goes on', async () => {
    const hold = await app.holdTable('store_sales');
    const { id } = await app.trigger('load-sales-data', { scheduled_for: '2020-02-01T00:00:00Z' });
    await app.waitForRun(id, ({ steps }) => steps[2]!.state === 'running');
    await bench.worker.signal('SIGSTOP');
    app.spawnWorker();
    await app.waitForRun(id, ({ steps }) => steps[2]!.interruptions === 1);
    await hold.release();
    const run = await app.waitForEnd(id);
    await bench.worker.signal('SIGCONT');
    await sleep(1_500);
    expect(run.state).toBe('succeeded');
    expect(await app.getRun(id)).toEqual(run);
    expect((await fingerprint(app)).months['2020-02']).toBe(2);
  });
});

describe('pipelines when Postgres is killed', () => {
  let dir: string;
  let server: PostgresServer;
  let app: PipelineApp;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-pipelines-'));
    server = await PostgresServer.open({ dir: join(dir, 'postgres') });
    app = await createPipelineApp({ databaseUrl: (await server.start()).url });
    await app.writeSmall(completeFiles);
  });
  afterAll(async () => {
    await app?.close();
    await server?.destroy();
    await rm(dir, { recursive: true, force: true });
  });

  it('go on by themselves when it is back', async () => {
    const { expected } = await prepareFaults(app);
    const hold = await app.holdTable('customer_profiles');
    const { id } = await app.trigger('load-client-data', { scheduled_for: '2025-01-01T00:00:00Z' });
    await app.waitForRun(id, ({ steps }) => steps[8]!.state === 'running');
    await killPostgres(app);
    await hold.release().catch(() => undefined);
    await sleep(1_000);
    await server.start();
    const run = await app.waitForEnd(id);
    expect(run.state).toBe('succeeded');
    await app.waitUntilIdle();
    expect(await fingerprint(app)).toEqual(expected);
  });
});
