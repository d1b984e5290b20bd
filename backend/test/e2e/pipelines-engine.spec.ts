import { setTimeout as sleep } from 'node:timers/promises';
import {
  createPipelineApp,
  pipelinesPath as path,
  type PipelineApp,
} from '../pipelines/support/pipeline-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const ROLE = `guest_${process.pid}`;

describe('where the engine’s tables cannot be made', () => {
  let database: TestDatabase;
  let app: PipelineApp;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'guest'`);
    await database.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${ROLE}`);
    await database.query(`GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${ROLE}`);
    const url = new URL(database.url);
    url.username = ROLE;
    url.password = 'guest';
    app = await createPipelineApp({ databaseUrl: url.href, env: { DATABASE_MIGRATE: 'false' } });
  });
  afterAll(async () => {
    await app?.close();
    await database.query(`DROP OWNED BY ${ROLE}`);
    await database.query(`DROP ROLE ${ROLE}`);
    await database.drop();
  });

  it('everything is served but runs', async () => {
    app.startWorker();
    await sleep(500);
    expect((await app.adminClient.get(path)).status).toBe(200);
    expect((await app.adminClient.get(`${path}/load-sales-data/graph.svg`)).status).toBe(200);
    const { status, body, headers } = await app.adminClient.send('POST', `${path}/load-sales-data/runs`, {
      json: {},
    });
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'pipelines-unavailable', '10']);
    const runs = await app.adminClient.get<{ total: number }>(`${path}/runs`);
    expect(runs.body.total).toBe(0);
    const ready = await app.client.get<{ dependencies: Record<string, unknown> }>('/health/ready');
    expect([ready.status, ready.body.dependencies.pipelines]).toEqual([200, { status: 'down', workers: 0 }]);
  });
});

describe('a worker that stops', () => {
  it('hands back what is not finished, at once, and leaves no connection', async () => {
    const app = await createPipelineApp({ env: { SHUTDOWN_TIMEOUT_MS: '400' } });
    await app.adminClient.send('POST', `${path}/load-sales-data/pause`, { json: {} });
    await app.writeSmall();
    const first = app.startWorker();
    const hold = await app.holdTable('customer_profiles');
    const { id } = await app.trigger('load-client-data');
    await app.waitForRun(id, ({ steps }) => steps[8]!.state === 'running');
    await first.stop();
    const left = await app.getRun(id);
    expect([left.state, left.steps[8]!.state]).toEqual(['running', 'pending']);
    const connections = await app.query<{ name: string }>(
      `SELECT application_name AS name FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'worker %'`,
    );
    expect(connections).toEqual([]);
    await hold.release();
    app.startWorker();
    const run = await app.waitForEnd(id);
    expect([run.state, run.steps[8]!.attempts, run.steps[8]!.interruptions]).toEqual(['succeeded', 2, 0]);
    expect(run.steps.slice(0, 8).every(({ attempts }) => attempts === 1)).toBe(true);
    await app.close();
  });
});
