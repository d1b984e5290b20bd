import type { DynamicModule } from '@nestjs/common';
import { Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { buildDataSourceOptions } from './data-source-options.js';
import { DatabaseHealth } from './database.health.js';
import { runMigrations } from './run-migrations.js';

export interface DatabaseModuleOptions {
  /** False builds everything without connecting: for documents that are made without a database. */
  connect: boolean;
}

/** Connects to Postgres and brings its schema up to date. Features add their entities with `TypeOrmModule.forFeature`. */
@Module({})
export class DatabaseModule {
  static forRoot({ connect }: DatabaseModuleOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [AppConfig],
          useFactory: (config: AppConfig) => ({
            ...buildDataSourceOptions(config),
            autoLoadEntities: true,
            manualInitialization: !connect,
            migrationsRun: config.database.migrate,
            retryAttempts: 5,
            retryDelay: 1_000,
            // The module would log the address's error with its stack at each attempt.
            verboseRetryLog: false,
          }),
          dataSourceFactory: async (options) => {
            // TypeORM's own way of running migrations at the start does not let several processes take turns.
            const dataSource = new DataSource({ ...options!, migrationsRun: false });
            return connect ? openDataSource(dataSource, options!.migrationsRun ?? false) : dataSource;
          },
        }),
      ],
      providers: connect ? [DatabaseHealth] : [],
    };
  }
}

async function openDataSource(dataSource: DataSource, migrate: boolean): Promise<DataSource> {
  await dataSource.initialize();
  const done = migrate ? await runMigrations(dataSource) : [];
  if (done.length > 0) {
    new Logger('Database').log(`Migrations run: ${done.join(', ')}`);
  }
  return dataSource;
}
