// What a post costs while rows pile up, on every store: `pnpm bench:sales-growth [--rows 1000000] [--stores postgres,sqlite,csv]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { buildConfig } from '../dist/config/build-config.js';
import { buildDataSourceOptions } from '../dist/database/data-source-options.js';
import { PostgresServer } from '../dist/database/postgres-server/postgres-server.js';
import { runMigrations } from '../dist/database/run-migrations.js';
import { buildMonthly } from '../dist/sales/gold/build-monthly.js';
import { buildSalesStore } from '../dist/sales/stores/sales-stores.js';
import { toRecord } from '../dist/sales/stores/to-record.js';
import { buildRandom, distinctRecord, names } from './sales/bench-records.mjs';
import { quantile } from './sales/open-load.mjs';
import { describeMachine } from './sales/sales-server.mjs';

const FILL_ROWS = 5_000;
const POST_ROWS = 100;
const POSTS = 60;
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    stores: { type: 'string', default: 'postgres,sqlite,csv' },
  },
});
const sizes = [1_000, 10_000, 100_000, 1_000_000].filter((size) => size <= Number(options.rows));

console.log(describeMachine());
console.log(
  `a post of ${POST_ROWS} rows (half of them new), median and p95 of ${POSTS}; then one vegetable's months without outliers`,
);
for (const store of options.stores.split(',')) await measure(store);

async function measure(name) {
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-sales-growth-'));
  const postgres = await PostgresServer.open({ dir: join(dir, 'postgres') });
  const { url } = await postgres.start();
  const config = buildConfig({ DATABASE_URL: url, SALES_STORE: name, SALES_DIR: join(dir, 'sales') }, dir);
  const dataSource = new DataSource(buildDataSourceOptions(config));
  await dataSource.initialize();
  await runMigrations(dataSource);
  const store = buildSalesStore(config.sales, dataSource, names);
  await store.open();
  try {
    const random = buildRandom(4);
    const write = (indices) =>
      store.write(indices.map((i) => toRecord(readRecord(distinctRecord(i, random)), names)));
    let stored = 0;
    let first;
    for (const size of sizes) {
      const fillStart = performance.now();
      const before = stored;
      while (stored < size) {
        const count = Math.min(FILL_ROWS, size - stored);
        await write(Array.from({ length: count }, (_, k) => stored + k));
        stored += count;
      }
      const fillRate = (size - before) / ((performance.now() - fillStart) / 1_000);
      const posts = [];
      for (let i = 0; i < POSTS; i++) {
        const half = POST_ROWS / 2;
        const fresh = Array.from({ length: half }, (_, k) => stored + k);
        const old = Array.from({ length: half }, () => random(stored));
        posts.push(await timed(() => write([...fresh, ...old])));
        stored += half;
      }
      const reads = [];
      for (let i = 0; i < POSTS; i++) {
        reads.push(
          await timed(async () => {
            const state = await store.readMonthly({ vegetables: ['tomato'] }, 'above-deviation');
            buildMonthly(state, { method: 'sd', removeOutliers: true });
          }),
        );
      }
      first ??= quantile(posts, 0.5);
      const cells = [quantile(posts, 0.5), quantile(posts, 0.95), quantile(reads, 0.5)].map((ms) =>
        `${ms.toFixed(2)} ms`.padStart(10),
      );
      console.log(
        `${name.padEnd(8)} ${String(size).padStart(8)} rows  post ${cells[0]} p95 ${cells[1]} (× ${(quantile(posts, 0.5) / first).toFixed(2)})  read ${cells[2]}  filled at ${Math.round(fillRate)} rows/s`,
      );
    }
  } finally {
    await store.close();
    await dataSource.destroy();
    await postgres.destroy();
    await rm(dir, { recursive: true, force: true });
  }
}

function readRecord({ year_week, vegetable, sales }) {
  return { yearWeek: year_week, rawName: vegetable, sales };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
