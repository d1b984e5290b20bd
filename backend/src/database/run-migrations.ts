import type { DataSource } from 'typeorm';

/** Any constant will do: processes that start together take turns on it. */
const MIGRATION_LOCK = 8_010_001;

/**
 * Brings the schema up to date; processes that start together take turns.
 *
 * @returns the names of the migrations that were run now
 */
export async function runMigrations(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await dataSource.runMigrations();
    return done.map(({ name }) => name);
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
  }
}
