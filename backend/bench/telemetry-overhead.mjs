/**
 * What telemetry costs: `POST /api/v1/predict` for a text, 16 closed-loop connections, with telemetry off, with every
 * request traced and with one in twenty traced, exported to a real OpenTelemetry Collector on this machine. The kinds
 * take turns, and the ratios are of medians over the rounds.
 *
 *   pnpm --filter @vitrine/backend bench:telemetry [--seconds 8] [--rounds 3] [--connections 16] [--registry DIR]
 *
 * The collector is built by scripts/otel-collector.sh, which needs Go; models and Postgres as in bench:predict.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { buildProducts } from './product-texts.mjs';
import { findFreePort, findRegistry, openDatabase, startApi } from './surroundings.mjs';

const WARM_UP_SECONDS = 3;
const collectorScript = join(import.meta.dirname, '..', '..', 'scripts', 'otel-collector.sh');
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '16' },
    registry: { type: 'string' },
  },
});
const [seconds, rounds, connections] = [options.seconds, options.rounds, options.connections].map(Number);

const dir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
const database = await openDatabase(dir);
const collector = await startCollector();
try {
  const env = { REGISTRY_DIR: await findRegistry({ dir, given: options.registry }) };
  const exported = { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const sampled = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.05' };
  const kinds = { off: env, 'on, all traced': exported, 'on, 5 % traced': { ...exported, ...sampled } };
  const results = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [kind, variables] of Object.entries(kinds)) results[kind].push(await measure(variables));
  }
  report(results);
} finally {
  await collector.stop();
  await database.close();
  await rm(dir, { recursive: true, force: true });
}

async function measure(env) {
  const api = await startApi({ dir, database, env });
  try {
    await load(api, WARM_UP_SECONDS);
    return await load(api, seconds);
  } finally {
    await api.stop();
  }
}

async function load({ origin, token }, duration) {
  const result = await autocannon({
    url: `${origin}/api/v1/predict`,
    connections,
    duration,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    requests: buildProducts(500).map((product) => ({ body: JSON.stringify(product) })),
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return result;
}

async function startCollector() {
  const [grpc, http] = [await findFreePort(), await findFreePort()];
  const ports = ['--grpc-port', String(grpc), '--http-port', String(http)];
  const child = spawn(collectorScript, ['--data-dir', join(dir, 'telemetry'), ...ports], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${http}`;
  // It may have to be built first.
  for (const end = Date.now() + 600_000; Date.now() < end;) {
    if (child.exitCode !== null) throw new Error('The collector did not start');
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function report(results) {
  const rates = Object.fromEntries(
    Object.entries(results).map(([kind, all]) => [kind, median(all.map(({ requests }) => requests.average))]),
  );
  for (const [kind, all] of Object.entries(results)) {
    const p99 = median(all.map(({ latency }) => latency.p99));
    const ratio = (rates[kind] / rates.off).toFixed(2);
    console.log(
      `${kind.padEnd(16)} ${Math.round(rates[kind])} requests/s  p99 ${p99.toFixed(1)} ms  ratio to off ${ratio}`,
    );
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
