import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  draftTabularPackage,
  finalizeTabularPackage,
  loadTabularPredictor,
  readTabularPackage,
  type ModelMetrics,
  type ModelPackage,
  type TabularManifest,
} from '@vitrine/inference';
import type { ModelStore, ModelVersion } from '@vitrine/mlflow';
import type { Progress } from '../cli/progress.js';
import { currentGitSha } from '../common/git.js';
import { writeFileAtomically } from '../datasets/atomic-write.js';
import { majorityBaseline, score } from '../evaluation/metrics.js';
import { openCheckpoint, type Checkpoint } from '../runs/checkpoint.js';
import { describeInputExample, writeInputExample } from '../runs/input-example.js';
import { registerVersion } from '../runs/register-version.js';
import { RunLog } from '../runs/run-log.js';
import { createPatience } from '../runs/store-away.js';
import { chooseFolds, type FoldPlan } from './choose-folds.js';
import { crossValidate, learningTask, type CrossValidation } from './cross-validation.js';
import { fitListingModel } from './fit-listing-model.js';
import { countListings } from './listing-corpus.js';
import { LISTING_FIELDS, MODEL_FIELDS, OUTCOME_CATEGORIES } from './listing-task.js';
import { limitListings } from './limit-listings.js';
import { packageListingModel } from './package-listing-model.js';
import { readListings, type ListingSet } from './read-listings.js';
import { writeListingReport } from './write-listing-report.js';

/** The experiment and the task of these models. */
const TASK = 'time-to-sell';
const CONFIG_FILE = 'config.json';
/** What a program that started the training reads. */
const RESULT_FILE = 'result.json';
/** Golden rows a package. */
const GOLDEN_ROWS = 24;

/** What a training is asked for. */
export interface TimeToSellOptions {
  /** CSV file of listings, plain or gzipped. */
  input: string;
  outputDir: string;
  seed: number;
  /** Folds of the cross-validation; chosen by the number of rows where it is not given. */
  folds?: number;
  /** Train on at most this many rows (stratified), for a quick try. */
  limitRows?: number;
}

/** Where a training's results go. */
export interface TimeToSellSettings {
  store: ModelStore;
  progress: Progress;
  signal: AbortSignal;
  /** Register the model under this name; null leaves it a run. */
  registeredModel: string | null;
  /** Move the alias `staging` to the new version. */
  setStaging: boolean;
  /** How long a store that went away is waited for, in milliseconds. Default 5 minutes. */
  patienceMs?: number;
}

export interface TimeToSellResult {
  metrics: ModelMetrics;
  runId: string;
  version: ModelVersion | null;
  outputDir: string;
}

/** What the steps of one training share. */
interface Training {
  set: ListingSet;
  plan: FoldPlan;
  seed: number;
  config: Record<string, unknown>;
  log: RunLog;
  checkpoint: Checkpoint;
  outputDir: string;
  modelDir: string;
  settings: TimeToSellSettings;
}

/**
 * Trains a time-to-sell model from a CSV file to a registered version: cross-validates it, fits it to every row, and
 * writes report, package and `result.json` to `outputDir`. The same command goes on with the folds that an interrupted
 * training had finished; the same rows, options and seed give the same package.
 *
 * @throws DatasetError where there is nothing to train on
 */
export async function trainTimeToSell(
  options: TimeToSellOptions,
  settings: TimeToSellSettings,
): Promise<TimeToSellResult> {
  const training = await openTraining(options, settings);
  const { log, checkpoint, outputDir, modelDir } = training;
  const { store, progress, signal, registeredModel, setStaging } = settings;
  const patience = createPatience({ progress, signal }, settings.patienceMs);
  try {
    const pkg = log.isFinished ? await readTabularPackage(modelDir) : await trainAndLog(training);
    const version =
      registeredModel === null
        ? null
        : await patience(() => registerVersion(store, registeredModel, pkg, setStaging));
    const { metrics } = pkg.manifest;
    const result = { run_id: log.runId, model: registeredModel, version: version?.version ?? null, metrics };
    await writeFileAtomically(join(outputDir, RESULT_FILE), `${JSON.stringify(result, null, 2)}\n`);
    await checkpoint.remove();
    return { metrics, runId: log.runId, version, outputDir };
  } catch (error) {
    // An interrupted run stays RUNNING: the same command resumes it.
    if (!signal.aborted) await log.fail(error);
    throw error;
  }
}

async function openTraining(options: TimeToSellOptions, settings: TimeToSellSettings): Promise<Training> {
  const { store, progress, signal } = settings;
  const whole = await readListings(options.input);
  if (whole.withoutOutcome > 0)
    progress.warn(`${whole.withoutOutcome} listings without an outcome are left out`);
  const set = limitListings(whole, options.limitRows, options.seed);
  const plan = chooseFolds(set.labels, options.folds);
  const outputDir = resolve(options.outputDir);
  const modelDir = join(outputDir, 'model');
  const config = { ...plan, seed: options.seed, limitRows: options.limitRows };
  const checkpoint = await openCheckpoint(outputDir, { task: TASK, dataset: set.hash, options: config });
  const packaged = await readTabularPackage(modelDir).catch(() => null);
  const log = await RunLog.open({
    store,
    patience: createPatience({ progress, signal }, settings.patienceMs),
    progress,
    modality: 'tabular',
    task: TASK,
    dataset: set,
    checkpoint,
    packagedRunId: packaged?.manifest.runId ?? null,
  });
  if (log.isResumed) progress.info(`resuming run ${log.runId}`);
  const described = { ...config, input: set.dir, outputDir };
  return { set, plan, seed: options.seed, config: described, log, checkpoint, outputDir, modelDir, settings };
}

async function trainAndLog(training: Training): Promise<ModelPackage<TabularManifest>> {
  const { set, plan, seed, config, log, checkpoint, outputDir, modelDir, settings } = training;
  const { progress, signal } = settings;
  const start = Date.now();
  await log.logDataset();
  await log.logParams(config);
  const validation = await crossValidate(set, {
    plan,
    seed,
    checkpointDir: checkpoint.dir,
    progress,
    signal,
    onFold: async ({ fold, rows: _rows, ...scores }) => log.logEpoch(fold, foldMetrics(scores)),
  });
  signal.throwIfAborted();
  progress.info(`fitting the model to all ${set.rows.length} listings`);
  await rm(modelDir, { recursive: true, force: true });
  await mkdir(modelDir, { recursive: true });
  const allRows = Int32Array.from(set.rows, (_, row) => row);
  const model = fitListingModel(
    countListings(set.rows, LISTING_FIELDS),
    learningTask(set, allRows, plan, seed),
  );
  const specs = await packageListingModel(model, modelDir);
  const metrics = describeValidation(
    set,
    validation,
    await checkpoint.addTrainSeconds((Date.now() - start) / 1000),
  );
  warnOfChance(metrics, progress);
  const pkg = await finish(training, specs, metrics);
  const report = await writeListingReport(outputDir, { set, validation, metrics });
  const { node, platform, arch } = { node: process.version, platform: process.platform, arch: process.arch };
  const content = { ...config, columns: model.names.length, environment: { node, platform, arch } };
  await writeFile(join(outputDir, CONFIG_FILE), `${JSON.stringify(content, null, 2)}\n`);
  await log.finish({ outputDir, files: [...report, CONFIG_FILE], modelDir, metrics });
  return pkg;
}

async function finish(
  { set, seed, log, modelDir }: Training,
  specs: Pick<TabularManifest, 'processors' | 'network'>,
  metrics: ModelMetrics,
): Promise<ModelPackage<TabularManifest>> {
  const draft = draftTabularPackage(modelDir, {
    task: TASK,
    categories: OUTCOME_CATEGORIES,
    fields: MODEL_FIELDS,
    ...specs,
    calibration: { temperature: 1, abstentionThreshold: 0 },
    metrics,
    datasetHash: set.hash,
    testHash: set.testHash,
    gitSha: await currentGitSha(),
    runId: log.runId,
    seed,
  });
  const predictor = await loadTabularPredictor(draft);
  try {
    const golden = Array.from(
      { length: GOLDEN_ROWS },
      (_, i) => set.rows[Math.floor((i * set.rows.length) / GOLDEN_ROWS)] ?? {},
    );
    await writeInputExample(draft, golden[0] ?? {});
    const pkg = await finalizeTabularPackage(draft, predictor, [...golden, {}]);
    await describeInputExample(pkg);
    return pkg;
  } finally {
    await predictor.dispose();
  }
}

/** Scores over all out-of-fold predictions, beside the prior's and the classic recipe's on the same folds. */
function describeValidation(
  set: ListingSet,
  validation: CrossValidation,
  trainSeconds: number,
): ModelMetrics {
  const { scored, prior, recipe, folds } = validation;
  const scores = score(scored);
  const perFold = folds.map(({ fold, log_loss }) => [`fold_${fold}_log_loss`, log_loss] as const);
  return {
    ...scores,
    cv_log_loss: scores.log_loss,
    cv_accuracy: scores.accuracy,
    cv_ece: scores.ece,
    ...Object.fromEntries(perFold),
    prior_log_loss: score(prior).log_loss,
    recipe_log_loss: score(recipe).log_loss,
    recipe_accuracy: score(recipe).accuracy,
    baseline_accuracy: majorityBaseline(set.labels, set.labels, scored.classes),
    folds: folds.length,
    n_train: set.rows.length,
    n_test: set.rows.length,
    train_seconds: trainSeconds,
  };
}

function warnOfChance(
  { cv_log_loss = NaN, prior_log_loss = NaN, n_train }: ModelMetrics,
  progress: Progress,
): void {
  if (cv_log_loss < prior_log_loss) return;
  const [ours, prior] = [cv_log_loss.toFixed(4), prior_log_loss.toFixed(4)];
  progress.warn(
    `${n_train} listings taught nothing: the log loss is ${ours}, that of the outcomes' shares alone ${prior}`,
  );
}

function foldMetrics(scores: Record<string, number>): Record<string, number> {
  const {
    log_loss = NaN,
    accuracy = NaN,
    ece = NaN,
    priorLogLoss = NaN,
    recipeLogLoss = NaN,
    seconds = NaN,
  } = scores;
  return {
    fold_log_loss: log_loss,
    fold_accuracy: accuracy,
    fold_ece: ece,
    fold_prior_log_loss: priorLogLoss,
    fold_recipe_log_loss: recipeLogLoss,
    fold_seconds: seconds,
  };
}
