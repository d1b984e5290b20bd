import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { loadConfig } from '../../config/load-config.js';
import { buildDataSourceOptions } from '../data-source-options.js';
import { PostgresServer } from '../postgres-server/postgres-server.js';

/** For the TypeORM command line: `typeorm migration:show -d backend/dist/database/cli/data-source.js`. */
export const dataSource = openDataSource();

async function openDataSource(): Promise<DataSource> {
  const config = loadConfig();
  const url = config.database.url ?? (await findOwnServer(config.database.embeddedDir));
  return new DataSource(buildDataSourceOptions({ ...config, database: { ...config.database, url } }));
}

async function findOwnServer(dir: string): Promise<string | null> {
  return (await PostgresServer.open({ dir })).findUrl();
}
