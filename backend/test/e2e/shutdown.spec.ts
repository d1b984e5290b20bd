import type { Server } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_EMAIL, ADMIN_PASSWORD, createTestApp } from '../support/test-app.js';

/** Resolves when the server has taken that many requests. */
function countRequests(server: Server, expected: number): Promise<void> {
  let arrived = 0;
  return new Promise((resolve) => {
    server.on('request', () => {
      arrived += 1;
      if (arrived === expected) resolve();
    });
  });
}

describe('stopping', () => {
  it('answers what is under way, takes nothing new, and leaves no connection to the database', async () => {
    const test = await createTestApp();
    const arrived = countRequests(test.app.getHttpServer() as Server, 4);
    const logins = Array.from({ length: 4 }, () => test.client.login(ADMIN_EMAIL, ADMIN_PASSWORD));
    await arrived;
    const closing = test.app.close();

    for (const client of await Promise.all(logins)) expect(client.token).toMatch(/^ey/);
    await closing;
    await expect(test.client.get('/health/live')).rejects.toThrow();
    // Postgres ends the process of a connection a moment after it was closed.
    const others =
      'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
    for (let look = 0; look < 40 && (await test.database.query(others)).length > 0; look += 1)
      await sleep(50);
    expect(await test.database.query(others)).toEqual([]);
    await test.database.drop();
  });

  it('is not held up by a connection that was opened and never used', async () => {
    const test = await createTestApp();
    const unused = connect(Number(new URL(test.url).port), '127.0.0.1');
    await once(unused, 'connect');
    const ended = once(unused, 'close');
    const start = Date.now();
    unused.resume();
    await test.close();
    await ended;
    expect(Date.now() - start).toBeLessThan(10_000);
  });
});
