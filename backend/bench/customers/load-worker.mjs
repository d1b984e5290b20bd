// One load of customers-load.mjs, told through the parent's message; answers with times, rows and peak memory.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { DataSource } from 'typeorm';
import 'reflect-metadata';
import { buildConfig } from '../../dist/config/build-config.js';
import { CustomerSteps } from '../../dist/customers/customer-steps.js';
import { DerivedTables } from '../../dist/customers/features/derived-tables.js';
import { FileLoader } from '../../dist/customers/loading/file-loader.js';
import { Publisher } from '../../dist/customers/loading/publisher.js';
import { QualityRunner } from '../../dist/customers/quality/quality-runner.js';
import { FolderSource } from '../../dist/customers/sources/folder-source.js';
import { buildDataSourceOptions } from '../../dist/database/data-source-options.js';
import { runMigrations } from '../../dist/database/run-migrations.js';

const FIRST_MONTH = Date.UTC(2016, 0, 1);
const BATCH_ROWS = 1_000;
const parts = {};
let peak = 0;
setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20).unref();

process.once('message', async ({ kind, dir, months }) => {
  const database = new DataSource(buildDataSourceOptions(buildConfig(process.env, dir)));
  await database.initialize();
  await runMigrations(database);
  const startedAt = performance.now();
  await { steps: runSteps, inserts: runInserts }[kind](database, dir, months);
  const seconds = (performance.now() - startedAt) / 1_000;
  await database.destroy();
  const loaded = Object.entries(parts).filter(
    ([name]) => !name.startsWith('derive') && !name.startsWith('check'),
  );
  process.send({
    parts,
    seconds,
    loadSeconds: loaded.reduce((sum, [, part]) => sum + part.seconds, 0),
    rows: Object.entries(parts).reduce(
      (sum, [name, part]) => sum + (name.startsWith('load') ? part.rows : 0),
      0,
    ),
    peakMb: peak / 2 ** 20,
  });
});

async function timed(name, work) {
  const startedAt = performance.now();
  const rows = await work();
  const part = (parts[name] ??= { seconds: 0, rows: 0 });
  part.seconds += (performance.now() - startedAt) / 1_000;
  part.rows += rows;
}

function monthAt(i) {
  const first = new Date(FIRST_MONTH);
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + i, 1));
}

async function runSteps(database, dir, months) {
  const steps = new CustomerSteps(
    new FileLoader(database, new FolderSource(dir)),
    new Publisher(database),
    new DerivedTables(database),
    new QualityRunner(database),
  );
  const buildContext = (scheduledFor) => ({
    runId: `bench-${process.pid}-${scheduledFor.toISOString()}`,
    scheduledFor,
    parameters: {},
    signal: new AbortController().signal,
    log: () => undefined,
  });
  const client = buildContext(new Date(Date.UTC(2026, 0, 1)));
  const step = (name, run, context) => timed(name, async () => (await run(context)).rowsIn);
  for (const name of ['Stores', 'Profiles', 'Activity', 'Labels']) {
    await step(`load ${name.toLowerCase()}`, steps[`load${name}`], client);
    await step(`check ${name.toLowerCase()}`, steps[`check${name}`], client);
  }
  await step('publish client data', steps.publishClientData, client);
  for (let i = 0; i < months; i++) {
    const context = buildContext(monthAt(i));
    await step('load months', steps.loadMonth, context);
    await step('check months', steps.checkMonth, context);
    await step('publish months', steps.publishMonth, context);
    await step('derive monthly sales', steps.refreshMonthlySales, context);
  }
  await step('derive averages', steps.refreshMonthlyAverages, client);
  await step('derive latest activity', steps.refreshActivityLatest, client);
  await step('derive feature store', steps.refreshFeatureStore, client);
  await step('check feature store', steps.checkFeatureStore, client);
}

/** What one would write first: the file in memory, then INSERTs of many rows into tables of the same form. */
async function runInserts(database, dir, months) {
  const tables = {
    stores: ['stores.csv', 'stores'],
    profiles: ['customer_profiles.csv', 'customer_profiles'],
    activity: ['customer_activity.csv', 'customer_activity'],
    labels: ['labels.csv', 'labels'],
  };
  for (const [name, [file, table]] of Object.entries(tables)) {
    await database.query(`CREATE TABLE naive_${name} (LIKE ${table} INCLUDING ALL)`);
    await timed(`load ${name}`, () => insertFile(database, join(dir, file), `naive_${name}`));
  }
  await database.query(`CREATE TABLE naive_sales (LIKE store_sales INCLUDING ALL)`);
  for (let i = 0; i < months; i++) {
    const month = monthAt(i).toISOString().slice(0, 10);
    const file = join(dir, 'sales', month, 'sales.csv');
    await timed('load months', () => insertFile(database, file, 'naive_sales', { month }));
  }
}

async function insertFile(database, path, table, more = {}) {
  const records = parse(await readFile(path, 'utf8'), { columns: true });
  await database.transaction(async (manager) => {
    for (let i = 0; i < records.length; i += BATCH_ROWS) {
      const rows = records.slice(i, i + BATCH_ROWS).map((record) => ({ ...more, ...record }));
      const columns = Object.keys(rows[0]);
      const values = rows.flatMap((row) =>
        columns.map((column) => (row[column] === '' ? null : row[column])),
      );
      const places = rows.map(
        (_, r) => `(${columns.map((_, c) => `$${r * columns.length + c + 1}`).join(', ')})`,
      );
      await manager.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}`, values);
    }
  });
  return records.length;
}
