import type { Dataset } from '../datasets/dataset.js';
import {
  HOLD_OUT_FOLDS,
  OUT_OF_FOLD_COUNT,
  OUT_OF_FOLD_MAX_ROWS,
  stratifiedFolds,
} from '../evaluation/folds.js';

/** A training row that has a photo. */
export interface PhotoRow {
  /** Position in `dataset.train`. */
  row: number;
  path: string;
  label: number;
  fold: number;
}

/** The rows that an image model is trained on and the folds that are held out. */
export interface TrainingRows {
  photos: PhotoRow[];
  /** Rows without a photo: they take no part. */
  withoutPhoto: number;
  /** True where the set is small enough for every fold to be held out in turn. */
  outOfFold: boolean;
  folds: number;
}

/**
 * Deals the training rows to folds as the text trainer does (all rows take part in the dealing), then leaves out those
 * without a photo.
 *
 * @throws Error where fewer than two categories have a photo
 */
export function planTrainingRows(dataset: Dataset, seed: number): TrainingRows {
  const outOfFold = dataset.train.length < OUT_OF_FOLD_MAX_ROWS;
  const folds = outOfFold ? OUT_OF_FOLD_COUNT : HOLD_OUT_FOLDS;
  const labels = dataset.train.map(({ label }) => label);
  const dealt = stratifiedFolds(labels, folds, seed);
  const photos = dataset.train.flatMap(({ imagePath, label }, row) =>
    imagePath === null ? [] : [{ row, path: imagePath, label, fold: dealt[row] as number }],
  );
  if (new Set(photos.map(({ label }) => label)).size < 2) {
    throw new Error(`${dataset.dir}: fewer than two categories have training rows with a photo`);
  }
  return { photos, withoutPhoto: dataset.train.length - photos.length, outOfFold, folds };
}
