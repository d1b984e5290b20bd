/**
 * How fast a file of products is imported over HTTP, beside Postgres moving the same rows from table to table,
 * indexes included; whether the cost of a row grows with the catalogue; and what a search costs in the end.
 *
 *   pnpm --filter @vitrine/backend bench:catalog-import [--input products.csv.gz] [--rows 1000000]
 *
 * With `DATABASE_URL` that server is used (its catalogue must be empty), else a Postgres is started.
 */
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { readProducts, toCsv } from './catalog-products.mjs';
import { startCatalogServer } from './catalog-server.mjs';
import { describeMachine } from './sales/sales-server.mjs';

const STEPS = 10;
const { values: options } = parseArgs({
  options: { input: { type: 'string' }, rows: { type: 'string', default: '1000000' } },
});
const total = Number(options.rows);
const { source, products } = readProducts(options.input);
console.log(describeMachine());
console.log(`products ${products.length.toLocaleString('en')}, ${source}`);

const server = await startCatalogServer();
try {
  await importOnce();
  await server.query('TRUNCATE catalog');
  await grow();
  await search();
  console.log(`\npeak memory of the API          ${await server.peakMemory()} MiB`);
} finally {
  await server.close();
}

/** The file itself, three times: new, as it was, and new after another. */
async function importOnce() {
  const file = gzipSync(toCsv(products));
  const before = await server.peakMemory();
  const first = await timed(() => server.importProducts(file));
  const again = await timed(() => server.importProducts(file));
  await server.query('TRUNCATE catalog');
  const warm = await timed(() => server.importProducts(file));
  const floor = await copyWithin();
  const { inserted, rejected } = first.result;
  console.log(
    `\nimport of the file              ${first.seconds.toFixed(2)} s (${inserted} new, ${rejected} rejected)`,
  );
  console.log(
    `the same again                  ${again.seconds.toFixed(2)} s (${again.result.unchanged} as they were)`,
  );
  console.log(`into an empty catalogue, warm   ${warm.seconds.toFixed(2)} s`);
  console.log(`INSERT … SELECT by Postgres     ${floor.seconds.toFixed(2)} s`);
  console.log(`import / INSERT … SELECT        ${(warm.seconds / floor.seconds).toFixed(2)}`);
  console.log(`peak memory of the API          ${before} MiB before, ${await server.peakMemory()} MiB after`);
}

/** What is left when there is no network, no file and no check: Postgres moves the rows from one table to another. */
async function copyWithin() {
  await server.query('CREATE TABLE plain AS SELECT * FROM catalog');
  await server.query('TRUNCATE catalog');
  const moved = await timed(() => server.query('INSERT INTO catalog SELECT * FROM plain'));
  await server.query('DROP TABLE plain');
  return moved;
}

/** Files of the same size, with other numbers each. */
async function grow() {
  const size = Math.ceil(total / STEPS);
  console.log(`\nrows stored     rows/s   ms a 1,000 rows   peak memory`);
  const costs = [];
  for (let step = 0; step < STEPS; step++) {
    const offset = step * size;
    const { seconds, result } = await timed(() => server.importProducts(streamRows(offset, size)));
    if (result.inserted !== size) throw new Error(JSON.stringify(result));
    costs.push((seconds / size) * 1e6);
    const columns = [
      (offset + size).toLocaleString('en').padStart(11),
      Math.round(size / seconds)
        .toLocaleString('en')
        .padStart(10),
      costs.at(-1).toFixed(1).padStart(15),
      `${await server.peakMemory()} MiB`.padStart(13),
    ];
    console.log(columns.join('   '));
  }
  const half = STEPS / 2;
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const growth = mean(costs.slice(half)) / mean(costs.slice(0, half));
  console.log(`cost of a row, second half / first half   ${growth.toFixed(2)}`);
}

function streamRows(offset, size) {
  return Readable.from(
    (function* () {
      for (let done = 0; done < size; done += products.length) {
        const part = products.slice(0, size - done);
        const csv = toCsv(part, (_product, i) => offset + done + i);
        yield Buffer.from(done === 0 ? csv : csv.slice(csv.indexOf('\n') + 1));
      }
    })(),
  );
}

/** The parts of the list that people look at, once everything is stored. */
async function search() {
  await server.query('ANALYZE catalog');
  const queries = [
    'limit=50',
    `after=${total - 100}&limit=50`,
    'offset=100000',
    'q=vase',
    'q=poupée porcelaine mariée',
    'categorie=mode&prix_max=3',
    'delai_vente=unknown',
  ];
  console.log(`\n${'list'.padEnd(34)}   p50 ms   slowest of 15`);
  for (const query of queries) {
    const times = [];
    for (let i = 0; i < 15; i++) {
      const url = `${server.origin}/api/v1/products?${encodeURI(query)}`;
      times.push(
        (await timed(async () => (await fetch(url, { headers: server.headers })).json())).seconds * 1_000,
      );
    }
    times.sort((a, b) => a - b);
    console.log(
      `${query.padEnd(34)}   ${times[7].toFixed(1).padStart(6)}   ${times.at(-1).toFixed(1).padStart(13)}`,
    );
  }
}

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1_000 };
}
