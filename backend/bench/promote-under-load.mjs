/**
 * `POST /api/v1/predict` under load while two versions of the text model are promoted and rolled back in turn through
 * the API: no request may fail, and every answer must name one of the two versions with that version's own
 * probabilities. Prints how long a move takes. The compiled API, a real Postgres, and the local registry or the MLflow
 * server that `--tracking-uri` names (which is written to).
 *
 *   pnpm --filter @vitrine/backend bench:promote [--seconds 60] [--moves 20] [--connections 8] [--registry DIR]
 *     [--tracking-uri URI]
 *
 * The versions are the text model in production of `--registry` or of the project's own registry, and the same one with
 * twice the temperature; where there is none, one is trained on the demonstration catalogue first.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { draftPackage, finalizePackage, loadPredictor, readPackage } from '@vitrine/inference';
import { openModelStore } from '@vitrine/mlflow';
import { buildProducts } from './product-texts.mjs';
import { findRegistry, openDatabase, startApi } from './surroundings.mjs';

/** The two versions' answers differ by far more, and those of one version by nothing. */
const TOLERANCE = 1e-6;
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    moves: { type: 'string', default: '20' },
    connections: { type: 'string', default: '8' },
    registry: { type: 'string' },
    'tracking-uri': { type: 'string' },
  },
});
const [seconds, moveCount, connections] = [options.seconds, options.moves, options.connections].map(Number);
const dir = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
const products = buildProducts(100);
const name = `bench-${Date.now()}`;

try {
  const { registryDir, expected } = await prepareVersions();
  const { answers, moves } = await runApi(registryDir);
  report(answers, moves, expected);
} finally {
  await rm(dir, { recursive: true, force: true });
}

/** Registers the two versions under one name and answers what each says of every product. */
async function prepareVersions() {
  const source = openModelStore({ registryDir: await findRegistry({ dir, given: options.registry }) });
  const { version } = await source.findVersionByAlias('text', 'production');
  const registryDir = join(dir, 'bench-registry');
  const store = openModelStore({ trackingUri: options['tracking-uri'], registryDir });
  const expected = new Map();
  for (const factor of [1, 2]) {
    const folder = join(dir, `package-${factor}`);
    await source.downloadVersion('text', version, folder);
    const registered = await register(store, await recalibrate(folder, factor));
    const predictor = await loadPredictor(await readPackage(folder));
    expected.set(
      registered,
      await predictor.predict(products.map(toInput)).then((all) => all.map(byCategory(predictor))),
    );
    await predictor.dispose();
  }
  await store.setAlias(name, 'production', 1);
  return { registryDir, expected };
}

async function recalibrate(folder, factor) {
  const { manifest } = await readPackage(folder);
  const golden = JSON.parse(await readFile(join(folder, 'golden.json'), 'utf8'));
  const { temperature, abstentionThreshold } = manifest.calibration;
  const draft = draftPackage(folder, {
    ...manifest,
    calibration: { temperature: temperature * factor, abstentionThreshold },
  });
  const predictor = await loadPredictor(draft);
  try {
    return await finalizePackage(draft, predictor, golden.cases.map(toInput));
  } finally {
    await predictor.dispose();
  }
}

async function register(store, pkg) {
  const { runId } = await store.createRun({ experiment: name, name });
  await store.logArtifacts(runId, pkg.dir, 'model');
  await store.finishRun(runId, 'FINISHED');
  const tags = { test_hash: pkg.manifest.testHash, 'metrics.weighted_f1': '0.8', 'metrics.log_loss': '0.6' };
  return (await store.createVersion({ name, runId, artifactPath: 'model', tags })).version;
}

async function runApi(registryDir) {
  const database = await openDatabase(dir);
  const env = {
    MLFLOW_TRACKING_URI: options['tracking-uri'] ?? '',
    REGISTRY_DIR: registryDir,
    MODELS_TEXT_NAME: name,
  };
  const api = await startApi({ dir, database, env });
  try {
    return await loadAndMove(api.origin, api.token);
  } finally {
    await api.stop();
    await database.close();
  }
}

async function loadAndMove(origin, token) {
  const post = async (path, body) => {
    const start = performance.now();
    const response = await fetch(`${origin}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json(), start, end: performance.now() };
  };
  const answers = [];
  const until = performance.now() + seconds * 1000;
  const workers = Array.from({ length: connections }, async (_, worker) => {
    for (let i = worker; performance.now() < until; i += connections) {
      const product = i % products.length;
      const answer = await post('predict', products[product]).catch((error) => ({ status: error.message }));
      answers.push({ product, ...answer });
    }
  });
  const moves = [];
  for (let i = 0; i < moveCount; i++) {
    await wait((seconds * 1000) / (moveCount + 1));
    const isPromotion = i % 2 === 0;
    const path = isPromotion ? 'promote' : 'rollback';
    const move = await post(`models/${name}/${path}`, {
      reason: 'bench',
      ...(isPromotion && { version: 2 }),
    });
    moves.push({ version: isPromotion ? 2 : 1, ...move });
  }
  await Promise.all(workers);
  return { answers, moves };
}

function report(answers, moves, expected) {
  const failed = answers.filter(({ status }) => status !== 200);
  const wrong = answers.filter((answer) => answer.status === 200 && !isOwnAnswer(answer, expected));
  const badMoves = moves.filter(
    ({ status, body, version }) => status !== 200 || body.serving?.version !== version,
  );
  const counts = [1, 2].map(
    (version) => answers.filter(({ body }) => body?.model.version === version).length,
  );
  const latencies = answers.map(({ start, end }) => end - start);
  const old = (move) => (answer) => answer.body?.model.version !== move.version;
  const effect = moves.map((move, i) => {
    const next = moves[i + 1]?.start ?? Infinity;
    const late = answers.filter(
      (answer) => answer.start > move.start && answer.start < next && old(move)(answer),
    );
    return Math.max(0, ...late.map(({ start }) => start - move.start));
  });
  console.log(
    `requests            ${answers.length}, ${failed.length} failed, ${wrong.length} with a wrong answer`,
  );
  console.log(`answered by         version 1: ${counts[0]}, version 2: ${counts[1]}`);
  console.log(`latency             ${quantiles(latencies)}`);
  console.log(`moves               ${moves.length}, ${badMoves.length} failed`);
  console.log(`move answered after ${quantiles(moves.map(({ start, end }) => end - start))}`);
  console.log(
    `first move          ${effect[0].toFixed(1)} ms until in effect: the version is downloaded first`,
  );
  console.log(
    `in effect after     ${quantiles(effect.slice(1))}  (all others: the last request answered by the version before)`,
  );
  console.log(
    `smallest difference ${smallestDifference(expected).toExponential(1)} between the two versions' answers`,
  );
  if (failed.length + wrong.length + badMoves.length > 0 || counts.includes(0)) {
    console.error([...failed, ...wrong, ...badMoves].slice(0, 3));
    process.exitCode = 1;
  }
}

function isOwnAnswer({ product, body }, expected) {
  const own = expected.get(body.model.version)?.[product];
  return (
    own !== undefined &&
    body.categories.length > 0 &&
    body.categories.every(
      ({ category_id, probability }) => Math.abs(own.get(category_id) - probability) <= TOLERANCE,
    )
  );
}

/** Over the products, of the largest difference between any category's two probabilities. */
function smallestDifference(expected) {
  const [first, second] = [expected.get(1), expected.get(2)];
  return Math.min(
    ...first.map((own, i) => Math.max(...[...own].map(([id, p]) => Math.abs(p - second[i].get(id))))),
  );
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) =>
    `${sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1)} ms`;
  return `p50 ${at(0.5)}  p99 ${at(0.99)}  max ${at(1)}`;
}

function toInput({ designation, description }) {
  return { designation: designation ?? null, description: description ?? null, image: null };
}

function byCategory({ manifest }) {
  return ({ probabilities }) => new Map(manifest.categories.map(({ id }, i) => [id, probabilities[i]]));
}
