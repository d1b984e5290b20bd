import type { PostgresServer } from '../../src/database/postgres-server/postgres-server.js';

/** Stops the Postgres that the global setup left in this process, and removes its data. */
// eslint-disable-next-line import-x/no-default-export -- jest calls the default export
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { testServer?: PostgresServer }).testServer?.destroy();
}
