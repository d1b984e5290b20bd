import { softmax } from '@vitrine/inference';
import { score, type Scores } from '../evaluation/metrics.js';
import { computeFeatures, type PhotoFeatures } from './backbone-features.js';
import type { Backbone } from './backbone.js';
import type { ImageTrainContext } from './image-options.js';
import { photoConfigFor } from './image-package.js';
import {
  fitLogistic,
  headLogits,
  type FitOptions,
  type LinearHead,
  type LogisticProblem,
} from './logistic-regression.js';
import type { PooledHead } from './pooled-head.js';
import { standardise, toUnitRows, type Standardisation } from './standardisation.js';
import { loadTensorflow, type Tensorflow } from './tensorflow.js';
import type { PhotoRow, TrainingRows } from './training-rows.js';

/** Strengths of the penalty, strongest first: each fit starts from the one before. */
const STRENGTHS = [3e-4, 1e-4, 3e-5, 1e-5, 3e-6];
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

/** Heads over a frozen backbone, under the strength of the penalty that held-out photos chose. */
export interface FrozenHeads extends HeldOutFit {
  data: HeadData;
  standardisation: Standardisation;
}

/**
 * Computes the features of the training photos and finds the best strength of the penalty.
 *
 * @param folds how many are held out in turn
 */
export async function fitFrozenHeads(
  context: ImageTrainContext,
  rows: TrainingRows,
  backbone: Backbone,
  folds: number,
): Promise<FrozenHeads> {
  const data = await collectFeatures(context, rows, backbone);
  const standardisation = standardise(data.features);
  toUnitRows(data.features);
  return { data, standardisation, ...(await chooseStrength(context, data, folds)) };
}

/** The head for every photo, under the chosen penalty. */
export function fitFinalHead({ data, standardisation, l2 }: FrozenHeads, maxIterations: number): PooledHead {
  return { ...fit(data, () => true, l2, { maxIterations }), standardisation };
}

/** Features of every training photo that can be read. */
async function collectFeatures(
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

/** Held-out logits under one strength of the penalty. */
interface HeldOutFit {
  l2: number;
  /** The head that has not seen a fold, by fold. */
  heads: LinearHead[];
  /** Positions in `HeadData.photos`, fold by fold. */
  held: number[];
  /** Row-major [held × classes], by heads that had not seen them. */
  logits: Float32Array;
  logLoss: number;
}

/**
 * Finds the strength of the penalty with the lowest held-out log loss. Every iteration of the fits that hold out fold 0
 * is an epoch of the history.
 */
async function chooseStrength(
  context: ImageTrainContext,
  data: HeadData,
  folds: number,
): Promise<HeldOutFit> {
  const { options, progress, signal } = context;
  const history: Record<string, number>[] = [];
  const heads: LinearHead[] = [];
  const task = progress.task('Penalty strengths', STRENGTHS.length);
  let best: HeldOutFit | undefined;
  for (const l2 of STRENGTHS) {
    const held: number[] = [];
    const parts: Float32Array[] = [];
    for (let fold = 0; fold < folds; fold++) {
      signal.throwIfAborted();
      const rows = rowsWhere(data, (photo) => photo.fold === fold);
      const head = fit(data, (photo) => photo.fold !== fold, l2, {
        maxIterations: options.epochs,
        start: heads[fold],
        onIteration:
          fold > 0 ? undefined : recordEpochs(data, rows, { l2, history, patience: options.trainPatience }),
      });
      heads[fold] = head;
      held.push(...rows);
      parts.push(headLogits(data.tf, head, data.features, rows));
    }
    const logits = concatenate(parts);
    const logLoss = scoreHeldOut(data, held, logits).log_loss;
    task.advance();
    if (best && logLoss >= best.logLoss) break; // the loss has one minimum along the path
    best = { l2, heads: [...heads], held, logits, logLoss };
  }
  task.finish();
  for (const [i, metrics] of history.entries()) await context.logEpoch(i + 1, metrics);
  if (!best) throw new Error('The head could not be fitted: its held-out loss is not a number');
  progress.info(`Penalty ${best.l2}: held-out log loss ${best.logLoss.toFixed(4)}`);
  return best;
}

/** Notes the scores of each iteration on the held-out rows; ends a fit that no longer gains there. */
function recordEpochs(
  data: HeadData,
  rows: Int32Array,
  { l2, history, patience }: { l2: number; history: Record<string, number>[]; patience: number },
): FitOptions['onIteration'] {
  let stale = 0;
  let lowest = Infinity;
  return (_, loss, head) => {
    const scores = scoreHeldOut(data, rows, headLogits(data.tf, head, data.features, rows));
    history.push({ loss, l2, val_loss: scores.log_loss, val_accuracy: scores.accuracy });
    stale = scores.log_loss < lowest ? 0 : stale + 1;
    lowest = Math.min(lowest, scores.log_loss);
    return stale >= patience;
  };
}

/** Fits a head on the photos that are chosen, mirrored ones included. */
function fit(
  { tf, features, photos, mirrored, classes }: HeadData,
  chosen: (photo: PhotoRow) => boolean,
  l2: number,
  options: Omit<FitOptions, 'l2'>,
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

function rowsWhere({ photos }: HeadData, chosen: (photo: PhotoRow) => boolean): Int32Array {
  return Int32Array.from(photos.flatMap((photo, i) => (chosen(photo) ? [i] : [])));
}

export function scoreHeldOut(
  { photos, classes }: HeadData,
  rows: ArrayLike<number>,
  logits: Float32Array,
): Scores {
  const labels = Array.from(rows, (i) => (photos[i] as PhotoRow).label);
  const probabilities = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i += classes) {
    probabilities.set(softmax(logits.subarray(i, i + classes)), i);
  }
  return score({ labels, probabilities, classes });
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
