import 'reflect-metadata';
import { runMigrations } from '../run-migrations.js';
import { openCliDataSource } from './open-data-source.js';

/** Brings the schema of the configured database up to date. */
async function main(): Promise<void> {
  const { dataSource, close } = await openCliDataSource();
  try {
    await dataSource.initialize();
    const done = await runMigrations(dataSource);
    process.stdout.write(
      done.length > 0 ? `${done.map((name) => `ran ${name}`).join('\n')}\n` : 'up to date\n',
    );
  } finally {
    await (dataSource.isInitialized ? dataSource.destroy() : Promise.resolve());
    await close();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
