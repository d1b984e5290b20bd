import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readPackage, type Calibration, type ModelMetrics, type ModelPackage } from '@vitrine/inference';
import type { ModelStore, ModelVersion } from '@vitrine/mlflow';
import type { Progress } from '../cli/progress.js';
import type { Dataset } from '../datasets/dataset.js';
import type { Evaluation } from '../evaluation/evaluate-model.js';
import type { HistoryRow } from '../evaluation/plots.js';
import { writeReport } from '../evaluation/report.js';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { HELD_OUT_FILE, writeHeldOut } from './held-out.js';
import { packageModel } from './package-model.js';
import { registerVersion } from './register-version.js';
import { RunLog } from './run-log.js';
import { createPatience } from './store-away.js';
import type { TrainedModel, Trainer, TrainOptions } from './trainer.js';
import { readTrainingSet } from './training-set.js';

/** The options and resolved settings of a training, as a file and an artifact. */
const CONFIG_FILE = 'config.json';

/** Where a training's results go. */
export interface RunTrainingOptions {
  store: ModelStore;
  progress: Progress;
  signal: AbortSignal;
  /** Register the model under this name; null leaves it a run. */
  registeredModel: string | null;
  /** Move the alias `staging` to the new version. */
  setStaging: boolean;
  /** What `readTrainingSet` gives for the options, where the caller has read it already. */
  dataset?: Dataset;
  /** What identifies the options for resuming, where the options themselves hold more than plain values. */
  identity?: unknown;
  /** How long a store that went away is waited for, in milliseconds. Default 5 minutes. */
  patienceMs?: number;
}

export interface TrainingResult {
  metrics: ModelMetrics;
  runId: string;
  version: ModelVersion | null;
  outputDir: string;
}

/** What the steps of one training share. */
interface Training<O extends TrainOptions> {
  trainer: Trainer<O>;
  options: O;
  dataset: Dataset;
  checkpoint: Checkpoint;
  log: RunLog;
  /** The options' plain values, with paths resolved. */
  config: Record<string, unknown>;
  outputDir: string;
  modelDir: string;
  /** The package of a run that was logged to its end: only the registration is missing. */
  finished: ModelPackage | null;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Trains a model from data set to registered version: trains on the training split (resuming an interrupted run),
 * evaluates once on the test split through the predictor that will serve it, writes report and package to
 * `outputDir`, logs both to the run and registers the version. A store that goes away meanwhile is waited for; where
 * it stays away, the same command completes the training later, with the same run and no second version.
 */
export async function runTraining<O extends TrainOptions>(
  trainer: Trainer<O>,
  options: O,
  settings: RunTrainingOptions,
): Promise<TrainingResult> {
  const { store, progress, signal, registeredModel } = settings;
  const patience = createPatience({ progress, signal }, settings.patienceMs);
  const training = await openTraining(trainer, options, settings);
  const { log, checkpoint, outputDir } = training;
  try {
    const pkg = training.finished ?? (await trainAndLog(training));
    const version =
      registeredModel === null
        ? null
        : await patience(() => registerVersion(store, registeredModel, pkg, settings.setStaging));
    await checkpoint.remove();
    return { metrics: pkg.manifest.metrics, runId: log.runId, version, outputDir };
  } catch (error) {
    // An interrupted run stays RUNNING: the same command resumes it.
    if (!signal.aborted) await log.fail(error);
    throw error;
  }
}

async function openTraining<O extends TrainOptions>(
  trainer: Trainer<O>,
  options: O,
  settings: RunTrainingOptions,
): Promise<Training<O>> {
  const { store, progress, signal } = settings;
  const dataset = settings.dataset ?? (await readTrainingSet(options));
  const outputDir = resolve(options.outputDir);
  const { modality } = trainer;
  const plain = (settings.identity ?? options) as Record<string, unknown>;
  const checkpoint = await openCheckpoint(outputDir, {
    modality,
    dataset: dataset.hash,
    options: { ...plain, inputDir: undefined, outputDir: undefined },
  });
  const patience = createPatience({ progress, signal }, settings.patienceMs);
  const modelDir = join(outputDir, 'model');
  const packaged = await readPackage(modelDir).catch(() => null);
  const packagedRunId = packaged?.manifest.runId ?? null;
  const log = await RunLog.open({ store, patience, progress, modality, dataset, checkpoint, packagedRunId });
  if (log.isResumed) progress.info(`resuming run ${log.runId}`);
  return {
    trainer,
    options,
    dataset,
    checkpoint,
    log,
    config: { ...plain, inputDir: dataset.dir, outputDir },
    outputDir,
    modelDir,
    finished: log.isFinished ? packaged : null,
    progress,
    signal,
  };
}

async function trainAndLog<O extends TrainOptions>(training: Training<O>): Promise<ModelPackage> {
  const { trainer, options, dataset, log, config, outputDir, modelDir, progress, signal } = training;
  await log.logDataset();
  await log.logParams(config);
  const history: HistoryRow[] = [];
  const { trained, trainSeconds } = await train(training, history);
  await log.logParams(trained.params);
  const { pkg, evaluation } = await packageModel(
    modelDir,
    {
      modality: trainer.modality,
      trained,
      dataset,
      seed: options.seed,
      abstainPrecision: options.abstainPrecision,
      runId: log.runId,
      trainSeconds,
    },
    { progress, signal },
  );
  const { metrics, calibration } = pkg.manifest;
  reportSkipped(evaluation, progress);
  reportAbstention(calibration, progress);
  const report = await writeReport(outputDir, {
    evaluation,
    metrics,
    calibration,
    history,
    categories: dataset.categories,
    title: `${trainer.modality} model`,
  });
  await writeHeldOut(join(outputDir, HELD_OUT_FILE), trained.heldOut, dataset);
  await writeConfig(outputDir, { ...config, ...trained.params });
  await log.finish({ outputDir, files: [...report, HELD_OUT_FILE, CONFIG_FILE], modelDir, metrics });
  return pkg;
}

async function train<O extends TrainOptions>(
  training: Training<O>,
  history: HistoryRow[],
): Promise<{ trained: TrainedModel; trainSeconds: number }> {
  const { trainer, dataset, options, modelDir, checkpoint, progress, signal, log } = training;
  await rm(modelDir, { recursive: true, force: true });
  await mkdir(modelDir, { recursive: true });
  const started = Date.now();
  const countTime = () => checkpoint.addTrainSeconds((Date.now() - started) / 1000);
  try {
    const trained = await trainer.train({
      dataset,
      options,
      modelDir,
      checkpointDir: checkpoint.dir,
      progress,
      signal,
      logEpoch: async (epoch, metrics) => {
        history.push({ epoch, ...metrics });
        log.logEpoch(epoch, metrics);
      },
    });
    return { trained, trainSeconds: await countTime() };
  } catch (error) {
    await countTime();
    throw error;
  }
}

async function writeConfig(outputDir: string, config: Record<string, unknown>): Promise<void> {
  const { node, platform, arch } = { node: process.version, platform: process.platform, arch: process.arch };
  const content = { ...config, environment: { node, platform, arch } };
  await writeFile(join(outputDir, CONFIG_FILE), `${JSON.stringify(content, null, 2)}\n`);
}

function reportAbstention({ abstention }: Calibration, progress: Progress): void {
  if (abstention === undefined || abstention.isReached) return;
  const { statedPrecision, precision, coverage, rows } = abstention;
  progress.warn(
    `${rows} held-out products do not show that ${statedPrecision} of the answers are right at any threshold; ` +
      `the one taken comes nearest: ${precision.toFixed(4)} of the answers right, ${coverage.toFixed(4)} of the products answered`,
  );
}

function reportSkipped({ skipped }: Evaluation, progress: Progress): void {
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, count] of reasons)
    progress.warn(`${count} test rows were left out of the scores: ${reason}`);
}
