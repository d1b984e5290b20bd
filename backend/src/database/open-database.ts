import type { AppConfig } from '../config/app-config.js';
import { PostgresServer } from './postgres-server/postgres-server.js';

/** A database to work with. */
export interface OpenDatabase {
  /** The configuration with the database's address. */
  config: AppConfig;
  /** Stops what was started for it. */
  close(): Promise<void>;
}

/** The configured database, or a Postgres of our own, which is stopped at the end only where it was started here. */
export async function openDatabase(config: AppConfig): Promise<OpenDatabase> {
  if (config.database.url !== null) {
    return { config, close: () => Promise.resolve() };
  }
  const server = await PostgresServer.open({ dir: config.database.embeddedDir });
  const { url, isStartedNow } = await server.start();
  return {
    config: Object.freeze({ ...config, database: Object.freeze({ ...config.database, url }) }),
    close: () => (isStartedNow ? server.stop() : Promise.resolve()),
  };
}
