import { DataSource } from 'typeorm';
import { loadConfig } from '../../config/load-config.js';
import { buildDataSourceOptions } from '../data-source-options.js';
import { openDatabase } from '../open-database.js';

/** The data source of the configuration, not connected yet, and what closes the database opened for it. */
export async function openCliDataSource(): Promise<{ dataSource: DataSource; close: () => Promise<void> }> {
  const { config, close } = await openDatabase(loadConfig());
  return { dataSource: new DataSource(buildDataSourceOptions(config)), close };
}
