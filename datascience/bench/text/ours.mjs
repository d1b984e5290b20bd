/**
 * Our side, as a process of its own:
 *
 *   ours.mjs train DIR SEED   trains on DIR/train.ndjson as `vitrine train-text` does, writes DIR/model
 *   ours.mjs flood DIR        asks the package about a million different words, tells the heap before and after
 *   ours.mjs predict DIR      loads the package, writes DIR/ours.f64 (probabilities of DIR/test.ndjson), times single texts
 *
 * The last line on standard output is JSON.
 */
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finalizePackage, draftPackage, loadPredictor, readPackage } from '../../inference/dist/index.js';
import { silentProgress } from '../../training/dist/cli/progress.js';
import { textTrainer } from '../../training/dist/text/text-trainer.js';

const WARM_UP = 500;
const FIRST_WORDS = 100_000;
const FLOOD_WORDS = 1_000_000;
const [step, dir, seed] = process.argv.slice(2);
console.log(JSON.stringify(await { train, predict, flood }[step]()));

async function train() {
  const { classes } = JSON.parse(await readFile(join(dir, 'split.json'), 'utf8'));
  const rows = (await readRows('train.ndjson')).map((row, i) => ({
    ...row,
    index: String(i),
    imagePath: null,
  }));
  const categories = Array.from({ length: classes }, (_, id) => ({ id, label: String(id) }));
  const modelDir = join(dir, 'model');
  const checkpointDir = join(dir, 'checkpoint');
  for (const folder of [modelDir, checkpointDir]) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
  }
  const options = {
    inputDir: dir,
    outputDir: dir,
    batchSize: 96,
    epochs: 100,
    trainPatience: 10,
    seed: Number(seed),
  };
  const started = performance.now();
  const cpu = process.cpuUsage();
  const trained = await textTrainer.train({
    dataset: { dir, categories, train: rows, test: [], hash: '', testHash: '' },
    options,
    modelDir,
    checkpointDir,
    progress: silentProgress,
    logEpoch: async () => undefined,
    signal: new AbortController().signal,
  });
  const seconds = (performance.now() - started) / 1e3;
  const { user, system } = process.cpuUsage(cpu);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  await finish(modelDir, categories, trained);
  return {
    seconds,
    cpu: (user + system) / 1e6,
    peakMb,
    packageMb: (await folderBytes(modelDir)) / 1e6,
    params: trained.params,
  };
}

async function finish(modelDir, categories, trained) {
  const metrics = Object.fromEntries(
    [
      'accuracy',
      'weighted_f1',
      'macro_f1',
      'log_loss',
      'ece',
      'baseline_accuracy',
      'n_train',
      'n_test',
      'train_seconds',
    ].map((name) => [name, 0]),
  );
  const draft = draftPackage(modelDir, {
    modality: 'text',
    categories,
    processors: trained.processors,
    network: trained.network,
    calibration: { ...trained.calibration, abstentionThreshold: 0 },
    metrics,
    datasetHash: '0'.repeat(64),
    testHash: '0'.repeat(64),
    gitSha: null,
    runId: 'bench',
    seed: Number(seed),
  });
  const predictor = await loadPredictor(draft);
  await finalizePackage(draft, predictor, [{ designation: 'a' }]);
  await predictor.dispose();
}

async function predict() {
  const started = performance.now();
  const predictor = await loadPredictor(await readPackage(join(dir, 'model')));
  const loadMs = performance.now() - started;
  const answers = await predictor.predict(await readRows('test.ndjson'));
  const classes = predictor.manifest.categories.length;
  const probabilities = new Float64Array(answers.length * classes);
  answers.forEach((answer, i) => probabilities.set(answer.probabilities, i * classes));
  await writeFile(join(dir, 'ours.f64'), new Uint8Array(probabilities.buffer));
  const timings = {};
  for (const [name, singles] of Object.entries(
    JSON.parse(await readFile(join(dir, 'singles.json'), 'utf8')),
  )) {
    timings[name] = await timeSingles(predictor, singles);
  }
  return { loadMs, peakMb: process.resourceUsage().maxRSS / 1024, timings };
}

/** Words that nobody has seen before fill every cache there is; a full collection each time shows what stays. */
async function flood() {
  const predictor = await loadPredictor(await readPackage(join(dir, 'model')));
  const ask = async (from, to) => {
    for (let i = from; i < to; i += 10) {
      const words = Array.from(
        { length: 10 },
        (_, j) => `mot${(i + j).toString(36).replace(/[0-9]/g, (d) => 'klmnopqrst'[d])}`,
      );
      await predictor.predict([{ designation: words.join(' ') }]);
    }
  };
  const heapMb = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 1e6;
  };
  await ask(0, FIRST_WORDS);
  const heapMbBefore = heapMb();
  await ask(FIRST_WORDS, FLOOD_WORDS);
  return { firstWords: FIRST_WORDS, words: FLOOD_WORDS, heapMbBefore, heapMbAfter: heapMb() };
}

async function timeSingles(predictor, singles) {
  const times = [];
  for (const input of [...singles.slice(-WARM_UP), ...singles]) {
    const before = performance.now();
    await predictor.predict([input]);
    times.push((performance.now() - before) * 1e3);
  }
  const sorted = times.slice(-singles.length).sort((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  return { p50: at(0.5), p99: at(0.99) };
}

async function readRows(name) {
  const text = await readFile(join(dir, name), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

async function folderBytes(folder) {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
