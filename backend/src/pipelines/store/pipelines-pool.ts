import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import { AppConfig } from '../../config/app-config.js';
import { ResilientClient } from '../../database/resilient-client.js';

/** Connections for the bookkeeping of pipelines, beside those of steps: bulk loads never keep a sign of life waiting. */
const MAX_CONNECTIONS = 6;
const IDLE_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** Whatever runs SQL: the pool, or one connection in a transaction. */
export interface Queryable {
  query<R extends QueryResultRow>(sql: string, values?: unknown[]): Promise<QueryResult<R>>;
}

/** Connections that are opened when they are needed and closed when they are not, shared with the workflow engine. */
@Injectable()
export class PipelinesPool implements Queryable, OnApplicationShutdown {
  readonly pool: Pool;
  /** Address of the database. */
  readonly url: string;

  constructor({ database }: AppConfig) {
    this.url = database.url ?? '';
    this.pool = new Pool({
      Client: ResilientClient,
      connectionString: this.url,
      application_name: database.applicationName,
      max: MAX_CONNECTIONS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      connectionTimeoutMillis: database.connectTimeoutMs,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    });
    const logger = new Logger('Pipelines');
    this.pool.on('error', (error) => logger.debug(`An idle connection was lost: ${error.message}`));
  }

  query<R extends QueryResultRow>(sql: string, values?: unknown[]): Promise<QueryResult<R>> {
    return this.pool.query<R>(sql, values);
  }

  /** Does some work in one transaction; what it throws takes everything back. */
  async transact<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((lost: Error) => {
        failure = lost;
      });
      throw error;
    } finally {
      // A connection that could not roll back is not used again.
      client.release(failure);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.pool.ended) await this.pool.end();
  }
}
