import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { PostgresServer } from '../../src/database/postgres-server/postgres-server.js';
import { runMigrations } from '../../src/database/run-migrations.js';
import { buildConfig } from '../../src/config/build-config.js';
import { buildDataSourceOptions } from '../../src/database/data-source-options.js';
import type { PredictionDto } from '../../src/predictions/dto/prediction.dto.js';
import { createModelApp, type ModelApp } from '../fixtures/model-app.js';
import type { ApiClient } from '../support/api-client.js';

describe('predictions while Postgres goes away and comes back', () => {
  let server: PostgresServer;
  let url: string;
  let test: ModelApp;
  let user: ApiClient;

  beforeAll(async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vitrine-test-outage-'));
    await chmod(dir, 0o711);
    server = await PostgresServer.open({ dir });
    ({ url } = await server.start());
    const dataSource = new DataSource(buildDataSourceOptions(buildConfig({ DATABASE_URL: url }, '/')));
    await dataSource.initialize();
    await runMigrations(dataSource);
    await dataSource.destroy();
    test = await createModelApp(['text'], {
      databaseUrl: url,
      env: { AUTH_USER_CACHE_MS: '60000', DATABASE_CONNECT_TIMEOUT_MS: '500' },
    });
    user = await test.user('shop@example.org');
  });
  afterAll(async () => {
    await test.close();
    await server.destroy();
  });

  const predict = (designation: string) =>
    user.send<PredictionDto & { code?: string }>('POST', '/api/v1/predict', {
      json: { designation, limit: 1 },
    });

  async function storedIds(): Promise<Set<string>> {
    const dataSource = await new DataSource({ type: 'postgres', url }).initialize();
    const rows = await dataSource.query<{ id: string }[]>('SELECT id FROM predictions');
    await dataSource.destroy();
    return new Set(rows.map(({ id }) => id));
  }

  it('answers 503 meanwhile, recovers, and has stored exactly what it answered', async () => {
    const answered: string[] = [];
    const statuses = new Set<number>();
    let isRunning = true;
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let i = 0; isRunning; i++) {
        const { status, body, headers } = await predict(`livre ${client} ${i}`);
        statuses.add(status);
        if (status === 200) answered.push(body.prediction_id);
        else {
          expect(body.code).toBe('database-unavailable');
          expect(headers.get('retry-after')).not.toBeNull();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    });
    await sleep(300);
    await server.stop();
    const before = answered.length;
    expect(before).toBeGreaterThan(0);
    await sleep(500);
    expect((await predict('livre')).status).toBe(503);
    expect((await test.client.get('/health/live')).status).toBe(200);
    expect((await test.client.get('/health/ready')).status).toBe(503);
    expect((await user.get('/api/v1/categories')).status).toBe(200);
    await server.start();
    await sleep(1000);
    isRunning = false;
    await Promise.all(clients);
    expect([...statuses].sort()).toEqual([200, 503]);
    expect(answered.length).toBeGreaterThan(before);
    const stored = await storedIds();
    expect(answered.filter((id) => !stored.has(id))).toEqual([]);
    expect((await test.client.get('/health/ready')).status).toBe(200);
  });

  it('answers a batch item by item while Postgres is away', async () => {
    await server.stop();
    const { status, body } = await user.send<{ code?: string }[]>('POST', '/api/v1/predict/batch', {
      json: [{ designation: 'livre' }, { limit: 0 }],
    });
    expect(status).toBe(200);
    expect(body.map(({ code }) => code)).toEqual(['database-unavailable', 'validation-failed']);
    await server.start();
    expect((await predict('livre')).status).toBe(200);
  });
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
