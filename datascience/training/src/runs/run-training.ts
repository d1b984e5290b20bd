import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  draftPackage,
  finalizePackage,
  loadPredictor,
  type ManifestDraft,
  type ModelMetrics,
  type ModelPackage,
  type Predictor,
} from '@vitrine/inference';
import type { ModelStore, ModelVersion, Run } from '@vitrine/mlflow';
import type { Progress } from '../cli/progress.js';
import { currentGitSha } from '../common/git.js';
import type { Dataset } from '../datasets/dataset.js';
import { readDataset } from '../datasets/read-dataset.js';
import { chooseAbstentionThreshold } from '../evaluation/calibration.js';
import { evaluateModel, type Evaluation } from '../evaluation/evaluate-model.js';
import { majorityBaseline, score } from '../evaluation/metrics.js';
import type { HistoryRow } from '../evaluation/plots.js';
import { writeReport } from '../evaluation/report.js';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { chooseGoldenInputs } from './golden-inputs.js';
import { HELD_OUT_FILE, scoredHeldOut, writeHeldOut } from './held-out.js';
import { limitTrainingRows } from './limit-rows.js';
import { registerVersion } from './register-version.js';
import type { TrainContext, TrainedModel, Trainer, TrainOptions } from './trainer.js';

/** The experiment that category models are tracked in. */
const EXPERIMENT = 'product-category';

/** Where a training's results go. */
export interface RunTrainingOptions {
  store: ModelStore;
  progress: Progress;
  signal: AbortSignal;
  /** Register the model under this name; null leaves it a run. */
  registeredModel: string | null;
  /** Move the alias `staging` to the new version. */
  setStaging: boolean;
  /** What identifies the options for resuming, where the options themselves hold more than plain values. */
  identity?: unknown;
}

export interface TrainingResult {
  metrics: ModelMetrics;
  runId: string;
  version: ModelVersion | null;
  outputDir: string;
}

/**
 * Trains a model from data set to registered version: trains on the training split (resuming an interrupted run),
 * evaluates once on the test split through the predictor that will serve it, writes report and package to
 * `outputDir`, logs both to the run and registers the version.
 */
export async function runTraining<O extends TrainOptions>(
  trainer: Trainer<O>,
  options: O,
  { store, progress, signal, ...settings }: RunTrainingOptions,
): Promise<TrainingResult> {
  const dataset = limitTrainingRows(await readDataset(options.inputDir), options.limitRows, options.seed);
  const outputDir = resolve(options.outputDir);
  const modelDir = join(outputDir, 'model');
  const identity = {
    modality: trainer.modality,
    dataset: dataset.hash,
    options: settings.identity ?? options,
  };
  const checkpoint = await openCheckpoint(outputDir, {
    ...identity,
    inputDir: undefined,
    outputDir: undefined,
  });
  const run = await openRun(store, trainer, checkpoint, dataset);
  if (checkpoint.runId === run.runId) progress.info(`resuming run ${run.runId}`);
  try {
    await rm(modelDir, { recursive: true, force: true });
    await mkdir(modelDir, { recursive: true });
    const history: HistoryRow[] = [];
    const started = Date.now();
    const trained = await trainer.train({
      dataset,
      options,
      modelDir,
      checkpointDir: checkpoint.dir,
      progress,
      signal,
      logEpoch: epochLogger(store, run.runId, history),
    });
    const trainSeconds = (Date.now() - started) / 1000;
    await store.logParams(run.runId, describeParams(options, trained));
    const draft = await buildDraft(trainer, trained, dataset, options.seed, run.runId);
    const { pkg, evaluation } = await evaluateAndPackage(modelDir, draft, dataset, trainSeconds, {
      progress,
      signal,
    });
    const metrics = pkg.manifest.metrics;
    reportSkipped(evaluation, progress);
    const files = await writeReport(outputDir, {
      evaluation,
      metrics,
      history,
      categories: dataset.categories,
      title: `${trainer.modality} model`,
    });
    await writeHeldOut(join(outputDir, HELD_OUT_FILE), trained.heldOut, dataset);
    for (const file of [...files, HELD_OUT_FILE])
      await store.logArtifacts(run.runId, join(outputDir, file), '');
    await store.logArtifacts(run.runId, modelDir, 'model');
    await store.logMetrics(
      run.runId,
      Object.entries(metrics).map(([key, value]) => ({ key, value, step: 0, timestamp: Date.now() })),
    );
    await store.finishRun(run.runId, 'FINISHED');
    const version =
      settings.registeredModel === null
        ? null
        : await registerVersion(store, settings.registeredModel, pkg, settings.setStaging);
    await checkpoint.remove();
    return { metrics, runId: run.runId, version, outputDir };
  } catch (error) {
    // An interrupted run stays RUNNING: the same command resumes it.
    if (!signal.aborted) await store.finishRun(run.runId, 'FAILED').catch(() => undefined);
    throw error;
  }
}

/** The run that the checkpoint belongs to, or a new one. */
async function openRun(
  store: ModelStore,
  trainer: Pick<Trainer, 'modality'>,
  checkpoint: Checkpoint,
  dataset: Dataset,
): Promise<Run> {
  const earlier = checkpoint.runId === null ? null : await store.getRun(checkpoint.runId).catch(() => null);
  if (earlier?.status === 'RUNNING') return earlier;
  const gitSha = await currentGitSha();
  const run = await store.createRun({
    experiment: EXPERIMENT,
    name: `${trainer.modality} ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`,
    tags: {
      modality: trainer.modality,
      dataset_hash: dataset.hash,
      test_hash: dataset.testHash,
      ...(gitSha === null ? {} : { 'mlflow.source.git.commit': gitSha }),
    },
  });
  await checkpoint.bind(run.runId);
  return run;
}

function epochLogger(store: ModelStore, runId: string, history: HistoryRow[]): TrainContext['logEpoch'] {
  return async (epoch, metrics) => {
    history.push({ epoch, ...metrics });
    const timestamp = Date.now();
    await store.logMetrics(
      runId,
      Object.entries(metrics).map(([key, value]) => ({ key, value, step: epoch, timestamp })),
    );
  };
}

function describeParams(options: TrainOptions, trained: TrainedModel): Record<string, string> {
  const plain = Object.entries({ ...options, ...trained.params }).filter(
    ([, value]) => value !== undefined && typeof value !== 'object',
  );
  return Object.fromEntries(plain.map(([key, value]) => [key, String(value)]));
}

async function buildDraft(
  trainer: Pick<Trainer, 'modality'>,
  trained: TrainedModel,
  dataset: Dataset,
  seed: number,
  runId: string,
): Promise<Omit<ManifestDraft, 'metrics'>> {
  return {
    modality: trainer.modality,
    categories: dataset.categories,
    processors: trained.processors,
    network: trained.network,
    calibration: {
      ...trained.calibration,
      abstentionThreshold: chooseAbstentionThreshold(scoredHeldOut(trained.heldOut, dataset)),
    },
    datasetHash: dataset.hash,
    testHash: dataset.testHash,
    gitSha: await currentGitSha(),
    runId,
    seed,
  };
}

async function evaluateAndPackage(
  modelDir: string,
  draft: Omit<ManifestDraft, 'metrics'>,
  dataset: Dataset,
  trainSeconds: number,
  options: { progress: Progress; signal: AbortSignal },
): Promise<{ pkg: ModelPackage; evaluation: Evaluation }> {
  const untested = { n_train: dataset.train.length, train_seconds: trainSeconds };
  const unmeasured = {
    accuracy: 0,
    weighted_f1: 0,
    macro_f1: 0,
    log_loss: 0,
    ece: 0,
    baseline_accuracy: 0,
    n_test: 0,
  };
  const predictor: Predictor = await loadPredictor(
    draftPackage(modelDir, { ...draft, metrics: { ...unmeasured, ...untested } }),
  );
  try {
    const evaluation = await evaluateModel(predictor, dataset.test, options);
    const metrics: ModelMetrics = {
      ...score(evaluation),
      baseline_accuracy: majorityBaseline(
        dataset.train.map((row) => row.label),
        evaluation.labels,
        dataset.categories.length,
      ),
      n_test: evaluation.rows.length,
      n_skipped: evaluation.skipped.length,
      ...untested,
    };
    const golden = await chooseGoldenInputs(evaluation.rows, draft.modality);
    const pkg = await finalizePackage(draftPackage(modelDir, { ...draft, metrics }), predictor, golden);
    return { pkg, evaluation };
  } finally {
    await predictor.dispose();
  }
}

function reportSkipped({ skipped }: Evaluation, progress: Progress): void {
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, count] of reasons)
    progress.warn(`${count} test rows were left out of the scores: ${reason}`);
}
