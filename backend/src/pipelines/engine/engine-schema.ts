import { setTimeout as sleep } from 'node:timers/promises';
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { PoolClient } from 'pg';
import type { PipelinesPool } from '../store/pipelines-pool.js';

/** Schema of the engine's own tables. */
export const ENGINE_SCHEMA = 'dbos';
/** Any constant: processes take turns on it. */
const SCHEMA_LOCK = 8_010_012;
const TURN_POLL_MS = 200;

/**
 * Makes the engine's tables where they are missing; processes that come together take turns. Nobody waits inside a
 * statement or a transaction: the engine builds indexes concurrently, which would wait for them in turn.
 */
export async function ensureEngineSchema(pool: PipelinesPool): Promise<void> {
  if (await isReady(pool)) return;
  const client = await pool.pool.connect();
  let failure: Error | undefined;
  try {
    while (!(await tryLock(client))) await sleep(TURN_POLL_MS);
    try {
      if (await isMissing(pool)) await DBOS.migrate(pool.url, { schemaName: ENGINE_SCHEMA });
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [SCHEMA_LOCK]).catch((error: Error) => {
        failure = error;
      });
    }
  } finally {
    client.release(failure);
  }
}

const READ_STATE = `
SELECT to_regclass('${ENGINE_SCHEMA}.workflow_status') IS NOT NULL AS "isThere",
  EXISTS (SELECT FROM pg_locks JOIN pg_database AS here ON here.oid = pg_locks.database
    WHERE locktype = 'advisory' AND objid = ${SCHEMA_LOCK} AND datname = current_database()) AS "isBeingMade"`;

/** Whether the tables are there, and nobody is at making them. */
async function isReady(pool: PipelinesPool): Promise<boolean> {
  const { rows } = await pool.query<{ isThere: boolean; isBeingMade: boolean }>(READ_STATE);
  return rows[0]!.isThere && !rows[0]!.isBeingMade;
}

async function tryLock(client: PoolClient): Promise<boolean> {
  const sql = 'SELECT pg_try_advisory_lock($1) AS locked';
  return (await client.query<{ locked: boolean }>(sql, [SCHEMA_LOCK])).rows[0]!.locked;
}

async function isMissing(pool: PipelinesPool): Promise<boolean> {
  const { rows } = await pool.query<{ isThere: boolean }>(READ_STATE);
  return !rows[0]!.isThere;
}
