/**
 * How fast `POST /api/v1/predict` answers for a text, stored prediction included: the compiled API, a real Postgres with
 * its normal durability and a real text model, 16 closed-loop connections; beside it a bare Fastify route under the same
 * load.
 *
 *   pnpm --filter @vitrine/backend bench:predict [--seconds 15] [--connections 16] [--limit N] [--registry DIR]
 *
 * Without `--registry` the project's own registry is used where it has a text model in production; otherwise one is
 * trained on the demonstration catalogue first. With `DATABASE_URL` that server is used, else a Postgres is started.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { startServer } from './processes.mjs';
import { buildProducts } from './product-texts.mjs';
import { findRegistry, openDatabase, startApi } from './surroundings.mjs';

const WARM_UP_SECONDS = 3;
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    connections: { type: 'string', default: '16' },
    limit: { type: 'string' },
    registry: { type: 'string' },
  },
});
const duration = Number(options.seconds);
const connections = Number(options.connections);

const dir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
try {
  const hello = await benchHello();
  const predict = await benchPredict(await findRegistry({ dir, given: options.registry }));
  report('fastify hello', hello);
  report('predict text', predict.result);
  console.log(`stored predictions  ${predict.stored} of ${predict.answered} answered`);
  console.log(`predict / hello     ${(predict.result.requests.average / hello.requests.average).toFixed(2)}`);
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function benchHello() {
  const server = await startServer([join(import.meta.dirname, 'hello-server.mjs')]);
  try {
    const url = await server.firstLine();
    await load({ url, duration: WARM_UP_SECONDS });
    return await load({ url, duration });
  } finally {
    await server.stop();
  }
}

async function benchPredict(registryDir) {
  const database = await openDatabase(dir);
  const api = await startApi({ dir, database, env: { REGISTRY_DIR: registryDir } });
  try {
    const predict = (seconds) =>
      load({
        url: `${api.origin}/api/v1/predict`,
        duration: seconds,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${api.token}` },
        requests: buildProducts(500).map((product) => ({
          body: JSON.stringify(options.limit ? { ...product, limit: Number(options.limit) } : product),
        })),
      });
    const before = await database.countPredictions();
    const warmUp = await predict(WARM_UP_SECONDS);
    const result = await predict(duration);
    const stored = (await database.countPredictions()) - before;
    return { result, stored, answered: warmUp['2xx'] + result['2xx'] };
  } finally {
    await api.stop();
    await database.close();
  }
}

async function load(settings) {
  const result = await autocannon({ connections, ...settings });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return result;
}

function report(name, { latency, requests }) {
  const ms = (value) => `${value.toFixed(1)} ms`.padStart(9);
  console.log(
    `${name.padEnd(18)}  p50 ${ms(latency.p50)}  p99 ${ms(latency.p99)}  mean ${ms(latency.average)}  ` +
      `${Math.round(requests.average)} requests/s`,
  );
}
