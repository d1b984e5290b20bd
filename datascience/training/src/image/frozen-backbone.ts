import { softmax } from '@vitrine/inference';
import { fitTemperature } from '../evaluation/calibration.js';
import { score } from '../evaluation/metrics.js';
import type { HeldOutPredictions, TrainedModel } from '../runs/trainer.js';
import { computeFeatures, type PhotoFeatures } from './backbone-features.js';
import { DEFAULT_BASE_MODEL, openBackbone, type Backbone } from './backbone.js';
import type { ImageTrainContext } from './image-options.js';
import { packageNetwork, photoConfigFor } from './image-package.js';
import { fitLogistic, headLogits, type LinearHead, type LogisticProblem } from './logistic-regression.js';
import { appendPooledHead } from './pooled-head.js';
import { standardise, unstandardise } from './standardisation.js';
import { loadTensorflow, type Tensorflow } from './tensorflow.js';
import type { PhotoRow, TrainingRows } from './training-rows.js';

/** Strengths of the penalty, strongest first: each fit starts from the one before. */
const STRENGTHS = [1, 0.3, 0.1, 0.03, 0.01, 0.003];
/** Above it photos are not mirrored: many photos need it less, and their features would not fit in memory. */
const MIRROR_MAX_ROWS = 20_000;

/** Everything that heads are fitted on. */
export interface HeadData {
  tf: Tensorflow;
  features: PhotoFeatures['features'];
  /** The readable photos; row n + i of the features is photo i mirrored. */
  photos: PhotoRow[];
  mirrored: boolean;
  classes: number;
}

/** Trains a linear head on the features of a backbone that stays as it is. */
export async function trainFrozen(context: ImageTrainContext, rows: TrainingRows): Promise<TrainedModel> {
  const { options, dataset, progress } = context;
  const backbone = await openBackbone(options.baseModel ?? DEFAULT_BASE_MODEL, options.cacheDir, progress);
  const data = await collectFeatures(context, rows, backbone);
  const standardisation = standardise(data.features);
  const l2 = await chooseStrength(context, data);
  const { logits, held } = holdOut(data, rows, l2, options.epochs);
  const temperature = fitTemperature(
    logits,
    held.map((i) => (data.photos[i] as PhotoRow).label),
    data.classes,
  );
  progress.info('Fitting the final head on every row');
  const head = fit(data, (photo) => photo.fold >= 0, l2, { maxIterations: options.epochs });
  const network = appendPooledHead(backbone.model, unstandardise(head, standardisation));
  return {
    ...(await packageNetwork(context.modelDir, network)),
    calibration: { temperature },
    heldOut: toHeldOut(logits, held, data.photos, dataset.categories.length, temperature),
    params: {
      base_model_hash: backbone.hash,
      l2,
      temperature,
      photos: data.photos.length,
      mirrored: data.mirrored,
    },
  };
}

/** Features of every training photo that can be read. */
export async function collectFeatures(
  { options, dataset, progress, signal }: ImageTrainContext,
  rows: TrainingRows,
  backbone: Backbone,
): Promise<HeadData> {
  const mirrored = options.dataAugmentation && rows.photos.length <= MIRROR_MAX_ROWS;
  const { features, readable } = await computeFeatures(
    rows.photos.map(({ path }) => path),
    {
      backbone,
      photo: photoConfigFor(backbone.model),
      mirrored,
      cacheDir: options.cacheDir,
      progress,
      signal,
    },
  );
  const photos = readable.map((i) => rows.photos[i] as PhotoRow);
  return { tf: loadTensorflow(), features, photos, mirrored, classes: dataset.categories.length };
}

/**
 * The strength of the penalty with the lowest log loss on fold 0, fitted on the others. Every iteration of the fits is
 * an epoch of the history.
 */
export async function chooseStrength(context: ImageTrainContext, data: HeadData): Promise<number> {
  const { options, progress, signal } = context;
  const validation = rowsWhere(data, ({ fold }) => fold === 0);
  const labels = Array.from(validation, (i) => (data.photos[i] as PhotoRow).label);
  const history: Record<string, number>[] = [];
  const task = progress.task('Penalty strengths', STRENGTHS.length);
  let best = { l2: STRENGTHS[0] as number, loss: Infinity };
  let head: LinearHead | undefined;
  for (const l2 of STRENGTHS) {
    signal.throwIfAborted();
    let stale = 0;
    let lowest = Infinity;
    head = fit(data, ({ fold }) => fold !== 0, l2, {
      maxIterations: options.epochs,
      start: head,
      onIteration: (_, loss, current) => {
        const scores = validate(data, current, validation, labels);
        history.push({ loss, l2, val_loss: scores.log_loss, val_accuracy: scores.accuracy });
        stale = scores.log_loss < lowest ? 0 : stale + 1;
        lowest = Math.min(lowest, scores.log_loss);
        return stale >= options.trainPatience;
      },
    });
    const loss = validate(data, head, validation, labels).log_loss;
    task.advance();
    if (loss >= best.loss) break; // the loss has one minimum along the path
    best = { l2, loss };
  }
  task.finish();
  for (const [i, metrics] of history.entries()) await context.logEpoch(i + 1, metrics);
  progress.info(`Penalty ${best.l2}: validation log loss ${best.loss.toFixed(4)}`);
  return best.l2;
}

/** Fits a head on the photos that are chosen, mirrored ones included. */
export function fit(
  { tf, features, photos, mirrored, classes }: HeadData,
  chosen: (photo: PhotoRow) => boolean,
  l2: number,
  options: { maxIterations: number; start?: LinearHead } & Pick<
    Parameters<typeof fitLogistic>[2],
    'onIteration'
  >,
): LinearHead {
  const own = photos.flatMap((photo, i) => (chosen(photo) ? [i] : []));
  const rows = mirrored ? [...own, ...own.map((i) => photos.length + i)] : own;
  const problem: LogisticProblem = {
    features,
    labels: [...photos, ...photos].map(({ label }) => label),
    rows: Int32Array.from(rows),
    classes,
  };
  return fitLogistic(tf, problem, { l2, ...options });
}

/** Logits of held-out photos by heads that had not seen them. */
function holdOut(data: HeadData, { outOfFold, folds }: TrainingRows, l2: number, maxIterations: number) {
  const held: number[] = [];
  const logits: number[] = [];
  for (let fold = 0; fold < (outOfFold ? folds : 1); fold++) {
    const rows = rowsWhere(data, (photo) => photo.fold === fold);
    const head = fit(data, (photo) => photo.fold !== fold, l2, { maxIterations });
    held.push(...rows);
    for (const value of headLogits(data.tf, head, data.features, rows)) logits.push(value);
  }
  return { held, logits: Float32Array.from(logits) };
}

/** Calibrated probabilities in ascending order of their rows. */
export function toHeldOut(
  logits: Float32Array,
  held: readonly number[],
  photos: readonly PhotoRow[],
  classes: number,
  temperature: number,
): HeldOutPredictions {
  const rowOf = (i: number) => (photos[held[i] as number] as PhotoRow).row;
  const order = held.map((_, i) => i).sort((a, b) => rowOf(a) - rowOf(b));
  const probabilities = new Float32Array(logits.length);
  order.forEach((i, position) => {
    const own = logits.subarray(i * classes, (i + 1) * classes);
    probabilities.set(softmax(own, temperature), position * classes);
  });
  return { rows: Int32Array.from(order, rowOf), probabilities };
}

function rowsWhere({ photos }: HeadData, chosen: (photo: PhotoRow) => boolean): Int32Array {
  return Int32Array.from(photos.flatMap((photo, i) => (chosen(photo) ? [i] : [])));
}

function validate(data: HeadData, head: LinearHead, rows: Int32Array, labels: number[]) {
  const logits = headLogits(data.tf, head, data.features, rows);
  const probabilities = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i += data.classes) {
    probabilities.set(softmax(logits.subarray(i, i + data.classes)), i);
  }
  return score({ labels, probabilities, classes: data.classes });
}
