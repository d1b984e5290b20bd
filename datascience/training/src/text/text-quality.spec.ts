import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { draftPackage, loadPredictor } from '@vitrine/inference';
import { silentProgress } from '../cli/progress.js';
import { createDataset } from '../datasets/create-dataset.js';
import type { Dataset } from '../datasets/dataset.js';
import { readDataset } from '../datasets/read-dataset.js';
import { score, type Scores } from '../evaluation/metrics.js';
import { limitTrainingRows } from '../runs/limit-rows.js';
import { textTrainer } from './text-trainer.js';

const DATA = resolve(__dirname, '../../../../../shared/data');

/** Scores that the usual Python stack reaches on the same rows; `pnpm bench:text` measures it. */
const CASES = [
  { name: 'flipkart', rows: 840, atLeast: { weighted_f1: 0.945 }, atMost: { log_loss: 0.2, ece: 0.08 } },
  { name: 'cdiscount', rows: 1_200, atLeast: { weighted_f1: 0.7 }, atMost: { log_loss: 1.1, ece: 0.06 } },
];

/** Enough to tell a worse model. */
const MAX_TEST_ROWS = 2_000;
/** A busy machine takes its time. */
const TIMEOUT_MS = 180_000;

const found = CASES.filter(({ name }) => existsSync(join(DATA, name)));
if (found.length < CASES.length) {
  process.stderr.write(`SKIPPED: the text model's quality is not checked, ${DATA} holds no real products\n`);
}

(found.length > 0 ? describe : describe.skip)('text model on real products', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vitrine-text-quality-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it.each(found)(
    'classifies and calibrates $rows products of $name',
    async ({ name, rows, atLeast, atMost }) => {
      const scores = await trainAndScore(limitTrainingRows(await split(join(root, name), name), rows, 42));
      for (const [metric, bound] of Object.entries(atLeast))
        expect(scores[metric as keyof Scores]).toBeGreaterThan(bound);
      for (const [metric, bound] of Object.entries(atMost))
        expect(scores[metric as keyof Scores]).toBeLessThan(bound);
    },
    TIMEOUT_MS,
  );
});

/** The tables of a catalogue alone, split as `create-dataset` does: preparing photos would take longer than all else. */
async function split(dir: string, name: string): Promise<Dataset> {
  const inputDir = join(dir, 'catalogue');
  await mkdir(join(inputDir, 'images'), { recursive: true });
  for (const file of await readdir(join(DATA, name))) {
    if (file.includes('.csv')) await symlink(join(DATA, name, file), join(inputDir, file));
  }
  const outputDir = join(dir, 'dataset');
  const options = { trainSize: 0.8, testSize: 0.2, seed: 42, overwrite: false, strict: false };
  await createDataset({ inputDir, outputDir, ...options }, silentProgress);
  return readDataset(outputDir);
}

async function trainAndScore(dataset: Dataset): Promise<Scores> {
  const modelDir = join(dataset.dir, 'model');
  const checkpointDir = join(dataset.dir, 'checkpoint');
  for (const folder of [modelDir, checkpointDir]) await mkdir(folder);
  const options = { inputDir: '', outputDir: '', batchSize: 96, epochs: 100, trainPatience: 10, seed: 42 };
  const trained = await textTrainer.train({
    dataset,
    options,
    modelDir,
    checkpointDir,
    progress: silentProgress,
    logEpoch: async () => undefined,
    signal: new AbortController().signal,
  });
  const predictor = await loadPredictor(
    draftPackage(modelDir, {
      modality: 'text',
      categories: dataset.categories,
      processors: trained.processors,
      network: trained.network,
      calibration: { ...trained.calibration, abstentionThreshold: 0 },
      metrics: {} as never,
      datasetHash: dataset.hash,
      testHash: dataset.testHash,
      gitSha: null,
      runId: 'quality',
      seed: 42,
    }),
  );
  const test = dataset.test.slice(0, MAX_TEST_ROWS);
  const answers = await predictor.predict(test);
  const classes = dataset.categories.length;
  const probabilities = new Float64Array(answers.length * classes);
  answers.forEach((answer, i) => probabilities.set(answer.probabilities, i * classes));
  return score({ labels: test.map(({ label }) => label), probabilities, classes });
}
