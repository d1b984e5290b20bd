// Sales under load: posts and reads by the clock, the highest rate that holds, and bulk lists.
// `pnpm bench:sales-load [--seconds 60] [--rate 1000] [--rows 100000] [--store postgres]
//  [--parts file,wide,bulk] [--skip-highest]`
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from './processes.mjs';
import { anyVegetable, buildRandom, distinctRecord, fileRecord } from './sales/bench-records.mjs';
import { quantile, runOpenLoad } from './sales/open-load.mjs';
import { describeMachine, postSales, startSalesServer } from './sales/sales-server.mjs';

const P99_LIMIT_MS = 100;
const WARM_UP_SECONDS = 5;
const STEP_SECONDS = 10;
const BULK_LIST = 10_000;
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '1000' },
    rows: { type: 'string', default: '100000' },
    store: { type: 'string', default: 'postgres' },
    parts: { type: 'string', default: 'file,wide,bulk' },
    'skip-highest': { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
const rate = Number(options.rate);
const rows = Number(options.rows);

console.log(describeMachine());
console.log(
  `store    ${options.store}; half of the requests post one record, a quarter reads raw, a quarter monthly sales`,
);
const baseline = await loadHello();
report(`fastify hello at ${rate}/s`, baseline);
const server = await startSalesServer({ store: options.store });
try {
  for (const part of options.parts.split(',')) await { file: loadFile, wide: loadWide, bulk }[part]();
} finally {
  await server.close();
}

/** The same schedule against a server that does nothing: what generator and machine cost. */
async function loadHello() {
  const hello = await startServer([join(import.meta.dirname, 'hello-server.mjs')]);
  try {
    const origin = new URL(await hello.firstLine()).origin;
    const next = () => ({ kind: 'all', method: 'GET', path: '/' });
    await runOpenLoad({ origin, rate, seconds: WARM_UP_SECONDS, next });
    return await runOpenLoad({ origin, rate, seconds: Math.min(seconds, STEP_SECONDS), next });
  } finally {
    await hello.stop();
  }
}

/** The keys of the real file, everything read each time. */
async function loadFile() {
  const random = buildRandom(1);
  const next = mix({
    post: () => [fileRecord(random)],
    raw: () => '/get_raw_sales',
    monthly: () => '/get_monthly_sales',
  });
  await runOpenLoad({ origin: server.origin, rate, seconds: WARM_UP_SECONDS, next });
  const result = await runOpenLoad({ origin: server.origin, rate, seconds, next });
  report(`weekly file, plain reads at ${rate}/s for ${seconds} s`, result);
  compare(result);
  await findHighest('weekly file', next);
}

/** Many rows and vegetables, read in pages and by vegetable, as a page of a web app does. */
async function loadWide() {
  const random = buildRandom(2);
  for (let i = 0; i < rows; i += BULK_LIST) {
    await postSales(
      server.origin,
      Array.from({ length: Math.min(BULK_LIST, rows - i) }, (_, k) => distinctRecord(i + k, random)),
    );
  }
  const cursor = (position) => Buffer.from(String(position)).toString('base64url');
  let created = rows;
  const next = mix({
    post: () => [distinctRecord(random(2) ? created++ : random(rows), random)],
    raw: () => `/get_raw_sales?limit=100&cursor=${cursor(random(rows))}`,
    monthly: () =>
      `/get_monthly_sales?remove_outliers=true&from=202001&vegetable=${encodeURIComponent(anyVegetable(random))}`,
  });
  await runOpenLoad({ origin: server.origin, rate, seconds: WARM_UP_SECONDS, next });
  const result = await runOpenLoad({ origin: server.origin, rate, seconds, next });
  report(
    `${rows} rows before, pages of 100 and four years of a vegetable at ${rate}/s for ${seconds} s`,
    result,
  );
  compare(result);
  await findHighest(`${rows} rows`, next);
  const start = performance.now();
  const all = await (await fetch(`${server.origin}/get_raw_sales`)).json();
  console.log(`  all ${all.length} raw rows, streamed: ${Math.round(performance.now() - start)} ms`);
}

/** Lists of 10,000 new rows, one after the other, against the same rows copied into a plain table. */
async function bulk() {
  const random = buildRandom(3);
  const lists = Array.from({ length: 10 }, (_, i) =>
    Array.from({ length: BULK_LIST }, (_value, k) => distinctRecord(1_000_000 + i * BULK_LIST + k, random)),
  );
  // The store of other strategies is not Postgres, but the yardstick is.
  const plain = await timed(async () => {
    await server.query(
      'CREATE TABLE bench_plain (week integer, name text, sales float8, PRIMARY KEY (week, name))',
    );
    for (const list of lists) {
      const columns = ['year_week', 'vegetable', 'sales'].map((field) => list.map((record) => record[field]));
      await server.query(
        'INSERT INTO bench_plain SELECT * FROM unnest($1::int[], $2::text[], $3::float8[]) ON CONFLICT DO NOTHING',
        columns,
      );
    }
    await server.query('DROP TABLE bench_plain');
  });
  const posted = await timed(async () => {
    for (const list of lists) await postSales(server.origin, list);
  });
  const count = lists.length * BULK_LIST;
  console.log(
    `bulk lists of ${BULK_LIST}: ${Math.round(count / posted)} rows/s through every layer, durable; ${Math.round(count / plain)} rows/s into a plain table with a key: ratio ${(plain / posted).toFixed(2)}`,
  );
}

async function findHighest(name, next) {
  if (options['skip-highest']) return;
  let highest = 0;
  for (let step = rate + 250; step <= rate + 5_000; step += 250) {
    const result = await runOpenLoad({ origin: server.origin, rate: step, seconds: STEP_SECONDS, next });
    const p99 = quantile([...result.latencies.values()].flat(), 0.99);
    const failed = Object.keys(result.failures).length > 0;
    if (failed || p99 > P99_LIMIT_MS) {
      console.log(
        `  ${step}/s does not hold: p99 ${p99.toFixed(0)} ms, failures ${JSON.stringify(result.failures)}`,
      );
      break;
    }
    highest = step;
  }
  console.log(
    `  highest rate of ${name} that holds p99 < ${P99_LIMIT_MS} ms: ${highest || `at most ${rate}`}/s`,
  );
}

function mix({ post, raw, monthly }) {
  return (i) => {
    if (i % 2 === 0)
      return { kind: 'post', method: 'POST', path: '/post_sales', body: JSON.stringify(post()) };
    return i % 4 === 1
      ? { kind: 'raw', method: 'GET', path: raw() }
      : { kind: 'monthly', method: 'GET', path: monthly() };
  };
}

function report(name, { latencies, failures, rate: reached }) {
  console.log(`${name}: ${Math.round(reached)}/s, failures ${JSON.stringify(failures)}`);
  for (const [kind, values] of latencies) {
    const cells = [0.5, 0.95, 0.99, 1].map((share) => `${quantile(values, share).toFixed(1)}`.padStart(7));
    console.log(
      `  ${kind.padEnd(8)} ${String(values.length).padStart(6)}  p50, p95, p99, max in ms ${cells.join(' ')}`,
    );
  }
}

function compare(result) {
  const p = (from, share) => quantile([...from.latencies.values()].flat(), share);
  const ratio = [0.5, 0.99].map((share) => (p(result, share) / p(baseline, share)).toFixed(1));
  console.log(`  against fastify hello at the same rate: p50 × ${ratio[0]}, p99 × ${ratio[1]}`);
}

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
