import { Logger } from '@nestjs/common';
import type { DataSourceOptions } from 'typeorm';
import type { AppConfig } from '../config/app-config.js';
import { migrations } from './migrations/index.js';
import { ResilientClient } from './resilient-client.js';

/** Milliseconds an unused connection is kept. */
const IDLE_TIMEOUT_MS = 30_000;

/**
 * How TypeORM reaches Postgres. The schema comes from migrations alone. A connection lost while idle is logged and
 * replaced by the pool, so that the process survives the server's absence.
 *
 * @throws Error where the configuration holds no address
 */
export function buildDataSourceOptions(config: AppConfig): DataSourceOptions {
  const { url, applicationName, poolSize, connectTimeoutMs, statementTimeoutMs } = config.database;
  if (url === null) {
    throw new Error('DATABASE_URL is not set and no Postgres was started');
  }
  const logger = new Logger('Database');
  return {
    type: 'postgres',
    url,
    applicationName,
    synchronize: false,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    logging: false,
    // gen_random_uuid() is part of Postgres 13 and later: no extension is needed.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    poolSize,
    poolErrorHandler: (error: unknown) => logger.warn(`An idle connection was lost: ${messageOf(error)}`),
    connectTimeoutMS: connectTimeoutMs,
    extra: {
      Client: ResilientClient,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      keepAlive: true,
      statement_timeout: statementTimeoutMs,
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
