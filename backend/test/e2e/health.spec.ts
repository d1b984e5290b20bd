import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { PostgresServer } from '../../src/database/postgres-server/postgres-server.js';
import type { ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/test-app.js';
import { createTestApp } from '../support/test-app.js';

interface Readiness {
  status: string;
  dependencies: Record<string, { status: string }>;
}

describe('health', () => {
  let dir: string;
  let server: PostgresServer;
  let test: TestApp;
  let admin: ApiClient;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), `vitrine-test-postgres-${process.pid}-`));
    await chmod(dir, 0o711);
    server = await PostgresServer.open({ dir, settings: { fsync: 'off' } });
    const { url } = await server.start();
    test = await createTestApp({
      databaseUrl: url,
      env: { AUTH_USER_CACHE_MS: '0', DATABASE_CONNECT_TIMEOUT_MS: '500' },
    });
    admin = await test.admin();
  });
  afterAll(async () => {
    try {
      await (test as TestApp | undefined)?.close();
    } finally {
      await server.destroy();
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('says that the process lives, without a token', async () => {
    expect(await test.client.get('/health/live')).toMatchObject({ status: 200, body: { status: 'up' } });
  });

  it('says that it is ready and names each dependency', async () => {
    const { status, body } = await test.client.get<Readiness>('/health/ready');

    expect([status, body.status, body.dependencies.database]).toEqual([200, 'up', { status: 'up' }]);
  });

  // Whatever a test leaves behind, the next one finds the server running.
  beforeEach(async () => void (await server.start()));

  it.each([
    ['stopped', () => server.stop()],
    ['killed', () => killServer()],
  ])('answers 503 while Postgres is %s, and recovers by itself when it is back', async (_how, takeAway) => {
    const me = (): ReturnType<ApiClient['get']> => admin.get('/api/v1/users/me');
    // Connections of the pool are open, some of them in use, when it goes.
    const underWay = Array.from({ length: 5 }, () =>
      admin.send('POST', '/api/v1/users', { json: { email: 'a@example.org', password: 'long enough' } }),
    );
    await takeAway();
    for (const { status } of await Promise.all(underWay)) expect([201, 409, 503]).toContain(status);

    for (let request = 0; request < 3; request += 1) {
      const response = await me();
      expect(response).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(JSON.stringify(response.body)).not.toMatch(/ECONN|127\.0\.0\.1/);
    }
    const login = await test.client.send('POST', '/api/v1/login/access-token', {
      form: { username: 'a', password: 'b' },
    });
    expect(login.status).toBe(503);
    const ready = await test.client.get<Readiness>('/health/ready');
    expect([ready.status, ready.body.status, ready.body.dependencies.database]).toEqual([
      503,
      'down',
      { status: 'down' },
    ]);
    expect((await test.client.get('/health/live')).status).toBe(200);

    await server.start();
    await sleep(50);

    expect((await me()).status).toBe(200);
    expect((await test.client.get('/health/ready')).status).toBe(200);
  });

  it('survives the loss of connections in the midst of every kind of work', async () => {
    const works = [
      () => admin.send('PATCH', '/api/v1/users/me', { json: { full_name: 'changing' } }),
      () =>
        admin.send('POST', '/api/v1/users', {
          json: { email: `${randomUUID()}@example.org`, password: 'long enough' },
        }),
      () =>
        test.client.send('POST', '/api/v1/login/access-token', {
          form: { username: randomUUID(), password: 'b' },
        }),
    ];
    const statuses = new Set<number>();
    let isOver = false;
    const workers = Array.from({ length: 6 }, async (_, index) => {
      while (!isOver) statuses.add((await works[index % works.length]!()).status);
    });
    for (let outage = 0; outage < 3; outage += 1) {
      await sleep(100 + 37 * outage);
      await server.stop();
      await server.start();
    }
    await sleep(100);
    isOver = true;
    await Promise.all(workers);

    expect([...statuses].filter((status) => ![200, 201, 401, 429, 503].includes(status))).toEqual([]);
    expect((await admin.get('/api/v1/users/me')).status).toBe(200);
  });

  async function killServer(): Promise<void> {
    const [{ pid }] = (await query('SELECT pid FROM pg_stat_activity LIMIT 1')) as [{ pid: number }];
    // The parent of a connection's process is the server.
    const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
    process.kill(parent, 'SIGKILL');
    await sleep(200);
  }

  async function query(sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: (await server.findUrl())! });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
});
