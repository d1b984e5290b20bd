import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { AppConfig } from '../../config/app-config.js';
import { CsvSalesStore } from './csv/csv-sales-store.js';
import { PostgresSalesStore } from './postgres/postgres-sales-store.js';
import type { NameMapping, SalesStore } from './sales-store.js';
import { SqliteSalesStore } from './sqlite/sqlite-sales-store.js';

/** The strategy that the configuration names. */
export function buildSalesStore(
  { store, dir }: AppConfig['sales'],
  dataSource: DataSource,
  names: NameMapping,
): SalesStore {
  switch (store) {
    case 'postgres':
      return new PostgresSalesStore(dataSource, names);
    case 'sqlite':
      return new SqliteSalesStore(join(dir, 'sales.sqlite'), names);
    case 'csv':
      return new CsvSalesStore(dir, names);
  }
}
