/**
 * How fast `POST /api/v1/time-to-sell/predict` answers, stored prediction included, and while a training runs: the
 * compiled API, a real Postgres with its normal durability and a snapshot that the real command line trained; beside it
 * a bare Fastify route under the same load.
 *
 *   pnpm --filter @vitrine/backend bench:time-to-sell [--seconds 10] [--registry DIR] [--input products.csv.gz]
 *
 * `--registry` is one with a version of `time-to-sell`; without it one is trained first, which takes minutes. With
 * `DATABASE_URL` that server is used (its catalogue must be empty), else a Postgres is started.
 */
import { Agent, request } from 'node:http';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openModelStore } from '@vitrine/mlflow';
import { readProducts, toCsv } from './catalog-products.mjs';
import { startCatalogServer } from './catalog-server.mjs';
import { describeMachine } from './sales/sales-server.mjs';
import { startServer } from './processes.mjs';
import { quantile } from './sales/open-load.mjs';

const MODEL = 'time-to-sell';
const WARM_UP_SECONDS = 2;
const QUESTIONS = 500;
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    registry: { type: 'string' },
    input: { type: 'string' },
  },
});
const duration = Number(options.seconds);
let answered = 0;
console.log(describeMachine());

const dir = await mkdtemp(join(tmpdir(), 'vitrine-time-to-sell-bench-'));
const { source, products } = readProducts(options.input);
try {
  const registryDir = join(dir, 'registry');
  if (options.registry) {
    await cp(options.registry, registryDir, { recursive: true });
    await promoteNewest(registryDir);
  }
  const server = await startCatalogServer({ registryDir });
  try {
    await run(server);
  } finally {
    await server.close();
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function run(server) {
  const { stored } = await server.importProducts(toCsv(products));
  console.log(`products ${stored.toLocaleString('en')}, ${source}`);
  if (!options.registry) {
    const { seconds } = await timed(() => train(server, '?wait=true'));
    console.log(`trained in ${seconds.toFixed(0)} s`);
  }
  const { snapshot } = await get(server, 'state');
  console.log(
    `snapshot version ${snapshot.model.version}, cross-validated log loss ${snapshot.log_loss?.toFixed(4)}\n`,
  );
  const byFields = products.slice(0, QUESTIONS).map(({ id: _id, delai_vente: _class, ...row }) => row);
  const byNumber = products.slice(0, QUESTIONS).map(({ id }) => ({ product_id: Number(id) }));
  const hello = await benchHello();
  for (const connections of [1, 16]) {
    report(`fastify hello, ${connections} connections`, hello[connections]);
    for (const [kind, questions] of Object.entries({ 'by fields': byFields, 'by product id': byNumber })) {
      const result = await ask(server, questions, connections);
      report(`predict ${kind}, ${connections} connections`, result, hello[connections]);
    }
  }
  const quiet = await ask(server, byFields, 1);
  const { id } = await train(server, '');
  const busy = await ask(server, byFields, 1);
  const { state } = await get(server, `jobs/${id}`);
  report('predict by fields, 1 connection, no training', quiet);
  report(`predict by fields, 1 connection, training (${state})`, busy, quiet);
  const [{ count }] = await server.query(
    "SELECT count(*) FROM time_to_sell_predictions WHERE role = 'answer'",
  );
  console.log(`\nstored predictions   ${count} of ${answered} answered`);
}

async function ask(server, questions, connections) {
  const bodies = questions.map((question) => JSON.stringify(question));
  const headers = { ...server.headers, 'content-type': 'application/json' };
  const url = `${server.origin}/api/v1/time-to-sell/predict`;
  const settings = { url, connections, method: 'POST', headers, bodies };
  const warmUp = await load({ ...settings, seconds: WARM_UP_SECONDS });
  const before = await server.cpuSeconds();
  const result = await load({ ...settings, seconds: duration });
  result.cpuMs = ((await server.cpuSeconds()) - before) * (1_000 / result.length);
  answered += warmUp.length + result.length;
  return result;
}

async function benchHello() {
  const server = await startServer([join(import.meta.dirname, 'hello-server.mjs')]);
  try {
    const url = await server.firstLine();
    await load({ url, connections: 16, seconds: WARM_UP_SECONDS });
    return {
      1: await load({ url, connections: 1, seconds: duration }),
      16: await load({ url, connections: 16, seconds: duration }),
    };
  } finally {
    await server.stop();
  }
}

/** Each connection asks again as soon as it is answered; the milliseconds of every answer. */
async function load({ url, connections, seconds, method = 'GET', headers = {}, bodies = [undefined] }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times = [];
  const end = performance.now() + seconds * 1_000;
  let next = 0;
  const loop = async () => {
    while (performance.now() < end) {
      const start = performance.now();
      await send({ agent, url, method, headers }, bodies[next++ % bodies.length]);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  agent.destroy();
  return times;
}

function send({ url, ...options }, body) {
  return new Promise((resolve, reject) => {
    const message = request(url, options, (response) => {
      response.resume().on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
      );
    });
    message.on('error', reject).end(body);
  });
}

function report(name, times, baseline) {
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(times, share));
  const ms = (value) => `${value.toFixed(2)} ms`.padStart(10);
  const ratio = baseline
    ? `   p50 × ${(p50 / quantile(baseline, 0.5)).toFixed(1)}, p99 × ${(p99 / quantile(baseline, 0.99)).toFixed(1)}`
    : '';
  const rate = String(Math.round(times.length / duration)).padStart(6);
  console.log(
    `${name.padEnd(50)} p50 ${ms(p50)}   p99 ${ms(p99)} ${rate}/s${times.cpuMs === undefined ? '' : `   ${times.cpuMs.toFixed(1)} ms of processor each`}${ratio}`,
  );
}

async function promoteNewest(registryDir) {
  const store = openModelStore({ registryDir });
  const [newest] = await store.listVersions(MODEL);
  if (!newest) throw new Error(`${options.registry} has no ${MODEL}`);
  await store.setAlias(MODEL, 'production', newest.version);
}

async function train(server, query) {
  const response = await fetch(`${server.origin}/api/v1/time-to-sell/train${query}`, {
    method: 'POST',
    headers: server.headers,
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

async function get(server, path) {
  return (await fetch(`${server.origin}/api/v1/time-to-sell/${path}`, { headers: server.headers })).json();
}

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1_000 };
}
