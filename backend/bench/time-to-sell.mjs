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
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openModelStore } from '@vitrine/mlflow';
import autocannon from 'autocannon';
import { readProducts, toCsv } from './catalog-products.mjs';
import { describeMachine, startCatalogServer } from './catalog-server.mjs';
import { startServer } from './processes.mjs';

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

let answered = 0;

async function ask(server, questions, connections) {
  const settings = {
    url: `${server.origin}/api/v1/time-to-sell/predict`,
    connections,
    method: 'POST',
    headers: { ...server.headers, 'content-type': 'application/json' },
    requests: questions.map((question) => ({ body: JSON.stringify(question) })),
  };
  const warmUp = await load({ ...settings, duration: WARM_UP_SECONDS });
  const result = await load({ ...settings, duration });
  answered += warmUp['2xx'] + result['2xx'];
  return result;
}

async function benchHello() {
  const server = await startServer([join(import.meta.dirname, 'hello-server.mjs')]);
  try {
    const url = await server.firstLine();
    await load({ url, connections: 16, duration: WARM_UP_SECONDS });
    return {
      1: await load({ url, connections: 1, duration }),
      16: await load({ url, connections: 16, duration }),
    };
  } finally {
    await server.stop();
  }
}

async function load(settings) {
  const result = await autocannon(settings);
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return result;
}

function report(name, { latency, requests }, baseline) {
  const ms = (value) => `${value.toFixed(1)} ms`.padStart(9);
  const ratio = baseline
    ? `  p50 × ${(latency.p50 / Math.max(baseline.latency.p50, 1)).toFixed(1)}, p99 × ${(latency.p99 / Math.max(baseline.latency.p99, 1)).toFixed(1)}, rate × ${(requests.average / baseline.requests.average).toFixed(2)}`
    : '';
  console.log(
    `${name.padEnd(52)}  p50 ${ms(latency.p50)}  p99 ${ms(latency.p99)}  mean ${ms(latency.average)}  ` +
      `${String(Math.round(requests.average)).padStart(6)}/s${ratio}`,
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
