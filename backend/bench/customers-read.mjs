// Online reads of one customer's features, beside a bare Fastify route and the database's own answer.
// `pnpm bench:customers-read [--customers 150000] [--reads 5000]`
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startServer } from './processes.mjs';
import { quantile } from './sales/open-load.mjs';
import { describeMachine, startSalesServer } from './sales/sales-server.mjs';

const WARM_UP_READS = 500;
const { values: options } = parseArgs({
  options: { customers: { type: 'string', default: '150000' }, reads: { type: 'string', default: '5000' } },
});
const customers = Number(options.customers);
const reads = Number(options.reads);
const credentials = { username: 'bench@example.org', password: 'a password of the bench' };
Object.assign(process.env, {
  FIRST_ADMINUSER: credentials.username,
  FIRST_ADMINUSER_PASSWORD: credentials.password,
  SECRET_KEY: 'a key of the bench alone, long enough for HS256',
});

console.log(describeMachine());
await measureHello();
const server = await startSalesServer();
try {
  await server.query(
    `INSERT INTO feature_store SELECT idx, 1 + idx % 5, chr(97 + (idx % 4)::integer), idx / 1e7, 1 + idx % 5, idx % 2, now()
     FROM generate_series(0, $1::bigint - 1) AS idx`,
    [customers],
  );
  await server.query('ANALYZE feature_store');
  await measureDatabase();
  const token = await login(server.origin);
  const read = buildRead(server.origin, token);
  const path = () => `/api/v1/customers/${Math.floor(Math.random() * customers)}/features`;
  report('features of one customer, 1 reader', await measure(() => read(path()), 1));
  report('features of one customer, 8 readers', await measure(() => read(path()), 8));
} finally {
  await server.close();
}

async function login(origin) {
  const response = await fetch(`${origin}/api/v1/login/access-token`, {
    method: 'POST',
    body: new URLSearchParams(credentials),
  });
  return (await response.json()).access_token;
}

async function measureHello() {
  const hello = await startServer([join(import.meta.dirname, 'hello-server.mjs')]);
  try {
    const read = buildRead(new URL(await hello.firstLine()).origin);
    report('fastify hello, 1 reader', await measure(() => read('/'), 1));
  } finally {
    await hello.stop();
  }
}

async function measureDatabase() {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  const select = () =>
    client.query('SELECT * FROM feature_store WHERE idx = $1', [Math.floor(Math.random() * customers)]);
  report('the query alone', await measure(select, 1));
  await client.end();
}

function buildRead(origin, token) {
  const agent = new Agent({ keepAlive: true });
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return (path) =>
    new Promise((resolve, reject) => {
      get(`${origin}${path}`, { agent, headers }, (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`${path} answered ${response.statusCode}`));
        });
      }).on('error', reject);
    });
}

/** Milliseconds of each of the reads, `readers` of them under way at a time. */
async function measure(read, readers) {
  for (let i = 0; i < WARM_UP_READS; i++) await read();
  const times = [];
  const run = async () => {
    while (times.length < reads) {
      const startedAt = performance.now();
      await read();
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: readers }, run));
  return times;
}

function report(title, times) {
  const [p50, p99] = [0.5, 0.99].map((q) => quantile(times, q).toFixed(2).padStart(7));
  console.log(`${title.padEnd(38)} p50 ${p50} ms  p99 ${p99} ms  ${times.length} reads`);
}
