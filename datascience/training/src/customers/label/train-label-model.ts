import { join, resolve } from 'node:path';
import {
  finalizeTabularPackage,
  loadTabularPredictor,
  type ModelMetrics,
  type ModelPackage,
  type TabularManifest,
} from '@vitrine/inference';
import type { ModelStore } from '@vitrine/mlflow';
import type { Progress } from '../../cli/progress.js';
import { currentGitSha } from '../../common/git.js';
import { Random } from '../../common/random.js';
import { stratifiedSplit } from '../../datasets/stratified-split.js';
import { majorityBaseline } from '../../evaluation/metrics.js';
import { createPatience } from '../../runs/store-away.js';
import { growBalancedForest, type BalancedForest } from './balanced-forest.js';
import { scoreBalanced, type BinaryScored } from './balanced-scores.js';
import { buildMatrix, chooseColumns, draftLabelPackage, writeForest } from './label-package.js';
import { writeLabelReport } from './label-report.js';
import {
  beginRun,
  logRun,
  registerLabelModel,
  writeResult,
  type LabelTrainingOptions,
  type LabelTrainingResult,
  type Trained,
} from './label-run.js';
import { readSplit, type SplitRows } from './label-split.js';
import { testAgainstChance, type PermutationTest } from './permutation-test.js';
import { plainScores, scoreHeldOut, type HeldOutCustomers } from './rematch.js';

/** Of the training rows: rounds and temperature are chosen on them. */
const VALIDATION_SHARE = 0.1;
const GOLDEN_ROWS = 24;

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
  const destination = { store, patience: createPatience({ progress, signal }) };
  const runId = await beginRun(destination, options, split);
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
    await logRun(destination, trained, { pkg, files });
    const version = await registerLabelModel(destination, options, { pkg, heldOut });
    await writeResult(options.outputDir, { runId, version, metrics });
    return { runId, version, metrics };
  } catch (error) {
    await store.finishRun(runId, 'FAILED').catch(() => undefined);
    throw error;
  }
}

function growForest({ rows, train }: SplitRows, seed: number): BalancedForest {
  const matrix = buildMatrix(rows.features, chooseColumns(rows.features));
  const labels = train.map((row) => rows.labels[row]!);
  const inner = stratifiedSplit(labels, 1 - VALIDATION_SHARE, VALIDATION_SHARE, seed + 1);
  const parts = { fit: inner.train.map((i) => train[i]!), held: inner.test.map((i) => train[i]!) };
  return growBalancedForest(matrix, rows.labels, parts, new Random(seed + 2));
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
