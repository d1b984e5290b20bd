import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PostgresServer } from '../dist/database/postgres-server/postgres-server.js';

/** A Postgres of its own below `dir`, with its normal durability. */
export async function startDatabase(dir) {
  const server = await PostgresServer.open({ dir: join(dir, 'postgres') });
  const { url } = await server.start();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  return {
    url,
    query: async (sql, values) => (await pool.query(sql, values)).rows,
    close: async () => {
      await pool.end();
      await server.destroy();
    },
  };
}

/** Waits until `isSo` answers true. */
export async function until(isSo, timeoutMs = 600_000) {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(50)) if (await isSo()) return;
  throw new Error(`It did not come to that within ${timeoutMs} ms`);
}

/** One line about where this was measured. */
export const machine = () =>
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(1)} GB, Node ${process.version}`;
