import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  finalizeTabularPackage,
  loadTabularPredictor,
  type ModelMetrics,
  type ModelPackage,
  type TabularManifest,
} from '@vitrine/inference';
import type { ModelStore, ModelVersion } from '@vitrine/mlflow';
import type { Progress } from '../../cli/progress.js';
import { currentGitSha } from '../../common/git.js';
import { Random } from '../../common/random.js';
import { DatasetError } from '../../datasets/dataset-error.js';
import { stratifiedSplit } from '../../datasets/stratified-split.js';
import { majorityBaseline } from '../../evaluation/metrics.js';
import { registerVersion } from '../../runs/register-version.js';
import { createPatience, type Patience } from '../../runs/store-away.js';
import { growBalancedForest, type BalancedForest } from './balanced-forest.js';
import { scoreBalanced, type BinaryScored } from './balanced-scores.js';
import { buildMatrix, chooseColumns, draftLabelPackage, writeForest } from './label-package.js';
import { writeLabelReport } from './label-report.js';
import { hashLabelRows, readLabelRows, type LabelRows } from './label-rows.js';
import { testAgainstChance, type PermutationTest } from './permutation-test.js';
import { plainScores, playRematch, scoreHeldOut, type HeldOutCustomers } from './rematch.js';

/** What is trained, and where it goes. */
export interface LabelTrainingOptions {
  /** A file of the feature store, CSV or Parquet. */
  input: string;
  outputDir: string;
  seed: number;
  /** Shuffles of the test against chance. */
  permutations: number;
  /** Register under this name; null leaves it a run. */
  registeredModel: string | null;
  setStaging: boolean;
}

export interface LabelTrainingResult {
  runId: string;
  version: ModelVersion | null;
  metrics: ModelMetrics;
}

const EXPERIMENT = 'customer-label';
const TEST_SHARE = 0.2;
/** Of the training rows: rounds and temperature are chosen on them. */
const VALIDATION_SHARE = 0.1;
/** Rows of each label without which there is nothing to learn or test. */
const MIN_ROWS = 50;
const GOLDEN_ROWS = 24;
const ALIAS = 'production';
const DIGEST_LENGTH = 36;

/** Rows and their roles. */
interface SplitRows {
  rows: LabelRows;
  train: number[];
  test: number[];
  datasetHash: string;
  testHash: string;
}

/**
 * Trains the model of the customers' label on balanced samples, tests it once on a seeded, stratified hold-out through
 * the predictor that will serve it, also against chance, writes report and package, logs the run and registers it.
 *
 * @throws DatasetError where there is not enough to learn from
 */
export async function trainLabelModel(
  options: LabelTrainingOptions,
  { store, progress, signal }: { store: ModelStore; progress: Progress; signal: AbortSignal },
): Promise<LabelTrainingResult> {
  const startedAt = performance.now();
  const split = await readSplit(options, progress);
  const patience = createPatience({ progress, signal });
  const { runId } = await patience(async () => store.createRun(await describeRun(options, split)));
  try {
    const forest = growForest(split, options.seed);
    progress.info(`boosting: ${forest.rounds} rounds, temperature ${forest.temperature.toFixed(2)}`);
    signal.throwIfAborted();
    const trained = { options, split, forest, runId, seconds: (performance.now() - startedAt) / 1_000 };
    const { pkg, chance, scored, heldOut } = await testAndPackage(trained);
    const { metrics } = pkg.manifest;
    const files = await writeLabelReport(resolve(options.outputDir), {
      scored,
      idx: split.test.map((row) => split.rows.idx[row]!),
      metrics,
      chance,
      history: forest.history,
    });
    await logRun({ store, patience }, trained, { pkg, files });
    const version = await register({ store, patience }, options, { pkg, heldOut });
    await writeResult(options.outputDir, { runId, version, metrics });
    return { runId, version, metrics };
  } catch (error) {
    await store.finishRun(runId, 'FAILED').catch(() => undefined);
    throw error;
  }
}

async function readSplit({ input, seed }: LabelTrainingOptions, progress: Progress): Promise<SplitRows> {
  const rows = await readLabelRows(input);
  if (rows.incomplete > 0)
    progress.warn(`${rows.incomplete} rows lack a feature or the label and are left out`);
  const positives = rows.labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(positives, rows.labels.length - positives) < MIN_ROWS) {
    throw new DatasetError(
      `${input} has ${positives} labels of 1 and ${rows.labels.length - positives} of 0: ${MIN_ROWS} of each are needed`,
    );
  }
  const { train, test } = stratifiedSplit([...rows.labels], 1 - TEST_SHARE, TEST_SHARE, seed);
  return {
    rows,
    train,
    test,
    datasetHash: hashLabelRows(rows, rows.idx.keys()),
    testHash: hashLabelRows(rows, test),
  };
}

async function describeRun({ input, registeredModel }: LabelTrainingOptions, split: SplitRows) {
  const gitSha = await currentGitSha();
  return {
    experiment: EXPERIMENT,
    name: `${registeredModel ?? EXPERIMENT} ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`,
    tags: {
      modality: 'tabular',
      dataset_hash: split.datasetHash,
      test_hash: split.testHash,
      'mlflow.source.name': `vitrine train-customer-label --input ${basename(input)}`,
      'mlflow.source.type': 'LOCAL',
      ...(gitSha === null ? {} : { 'mlflow.source.git.commit': gitSha }),
    },
  };
}

function growForest({ rows, train }: SplitRows, seed: number): BalancedForest {
  const matrix = buildMatrix(rows.features, chooseColumns(rows.features));
  const labels = train.map((row) => rows.labels[row]!);
  const inner = stratifiedSplit(labels, 1 - VALIDATION_SHARE, VALIDATION_SHARE, seed + 1);
  const parts = { fit: inner.train.map((i) => train[i]!), held: inner.test.map((i) => train[i]!) };
  return growBalancedForest(matrix, rows.labels, parts, new Random(seed + 2));
}

interface Trained {
  options: LabelTrainingOptions;
  split: SplitRows;
  forest: BalancedForest;
  runId: string;
  seconds: number;
}

/** Asks the model about the held-out customers, once, and makes a package of it. */
async function testAndPackage({ options, split, forest, runId, seconds }: Trained): Promise<{
  pkg: ModelPackage<TabularManifest>;
  chance: PermutationTest;
  scored: BinaryScored;
  heldOut: HeldOutCustomers;
}> {
  const { rows, train, test, datasetHash, testHash } = split;
  const { outputDir, seed, permutations } = options;
  const modelDir = join(resolve(outputDir), 'model');
  await writeForest(modelDir, forest);
  const described = {
    ...{ columns: chooseColumns(rows.features), forest, datasetHash, testHash, runId, seed },
    gitSha: await currentGitSha(),
  };
  const predictor = await loadTabularPredictor(
    draftLabelPackage(modelDir, { ...described, metrics: UNMEASURED }),
  );
  try {
    const heldOut = {
      features: test.map((row) => rows.features[row]!),
      labels: Uint8Array.from(test, (row) => rows.labels[row]!),
    };
    const scored = await scoreHeldOut(predictor, heldOut);
    const chance = testAgainstChance(scored, permutations, seed + 3);
    const trainLabels = train.map((row) => rows.labels[row]!);
    const metrics = {
      ...measure(scored, chance, trainLabels),
      n_train: train.length,
      train_seconds: seconds,
    };
    const draft = draftLabelPackage(modelDir, { ...described, metrics });
    const golden = heldOut.features.slice(0, GOLDEN_ROWS).map((row) => ({ ...row }));
    return { pkg: await finalizeTabularPackage(draft, predictor, golden), chance, scored, heldOut };
  } finally {
    await predictor.dispose();
  }
}

const UNMEASURED: ModelMetrics = {
  accuracy: 0,
  weighted_f1: 0,
  macro_f1: 0,
  log_loss: 0,
  ece: 0,
  baseline_accuracy: 0,
  n_train: 0,
  n_test: 0,
  train_seconds: 0,
};

function measure(
  scored: BinaryScored,
  chance: PermutationTest,
  trainLabels: readonly number[],
): ModelMetrics {
  const { balancedAccuracy, auc, logLoss, ece } = scoreBalanced(scored);
  return {
    ...UNMEASURED,
    ...plainScores(scored),
    balanced_accuracy: balancedAccuracy,
    auc,
    log_loss: logLoss,
    ece,
    baseline_accuracy: majorityBaseline(trainLabels, scored.labels, 2),
    baseline_log_loss: Math.LN2,
    chance_p_value: chance.pValue,
    permutations: chance.shuffled.length,
    n_test: scored.labels.length,
  };
}

interface Destination {
  store: ModelStore;
  patience: Patience;
}

async function logRun(
  { store, patience }: Destination,
  { options, split, forest, runId }: Trained,
  { pkg, files }: { pkg: ModelPackage<TabularManifest>; files: readonly string[] },
): Promise<void> {
  const source = resolve(options.input);
  const dataset = (hash: string, context: string) => ({
    name: basename(source),
    source,
    digest: hash.slice(0, DIGEST_LENGTH),
    context,
  });
  const timestamp = Date.now();
  const metric = (key: string, value: number, step: number) => ({ key, value, step, timestamp });
  await patience(() =>
    store.logDatasets(runId, [dataset(split.datasetHash, 'training'), dataset(split.testHash, 'testing')]),
  );
  await patience(() =>
    store.logParams(runId, {
      seed: String(options.seed),
      permutations: String(options.permutations),
      rounds: String(forest.rounds),
      temperature: String(forest.temperature),
      members: String(forest.members.length),
      incomplete_rows: String(split.rows.incomplete),
    }),
  );
  for (const file of files)
    await patience(() => store.logArtifacts(runId, join(options.outputDir, file), ''));
  await patience(() => store.logArtifacts(runId, pkg.dir, 'model'));
  await patience(() =>
    store.logMetrics(runId, [
      ...forest.history.map(({ epoch, validation_log_loss: loss }) =>
        metric('validation_log_loss', loss, epoch),
      ),
      ...Object.entries(pkg.manifest.metrics).map(([key, value]) => metric(key, value, 0)),
    ]),
  );
  await patience(() => store.finishRun(runId, 'FINISHED'));
}

async function register(
  { store, patience }: Destination,
  { registeredModel: name, setStaging }: LabelTrainingOptions,
  { pkg, heldOut }: { pkg: ModelPackage<TabularManifest>; heldOut: HeldOutCustomers },
): Promise<ModelVersion | null> {
  if (name === null) return null;
  const rematch = await patience(() => playRematch(store, { name, alias: ALIAS }, heldOut));
  const version = await patience(() => registerVersion(store, name, pkg, false));
  await patience(() => store.setVersionTags(name, version.version, rematch));
  if (setStaging) await patience(() => store.setAlias(name, 'staging', version.version));
  return store.getVersion(name, version.version);
}

/** What whoever started this program reads. */
async function writeResult(dir: string, { runId, version, metrics }: LabelTrainingResult): Promise<void> {
  const result = { run_id: runId, model: version?.name ?? null, version: version?.version ?? null, metrics };
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}
