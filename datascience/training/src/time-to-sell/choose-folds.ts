import { DatasetError } from '../datasets/dataset-error.js';
import { OUTCOME_CATEGORIES, OUTCOME_FIELD } from './listing-task.js';

const DEFAULT_FOLDS = 5;
/** Fewer rows than this are cross-validated in fewer folds: the scores are rough in any case, and it takes seconds. */
const FULL_FOLDS_ROWS = 1_000;
const FEW_FOLDS = 3;

/** How rows are dealt. */
export interface FoldPlan {
  /** Folds of the cross-validation. */
  folds: number;
  /** Folds within its training rows, where one stage learns from another. */
  innerFolds: number;
}

/**
 * Chooses the number of folds.
 *
 * @param requested by whoever trains; undefined: 5, fewer where there are fewer than 1,000 rows or a class is small
 * @throws DatasetError where a class has no rows, or fewer than the folds that were asked for
 */
export function chooseFolds(labels: Uint8Array, requested?: number): FoldPlan {
  const counts = OUTCOME_CATEGORIES.map(({ id }) =>
    labels.reduce((sum, label) => sum + (label === id ? 1 : 0), 0),
  );
  const least = Math.min(...counts);
  const smallest = counts.indexOf(least);
  const needed = requested ?? 2;
  if (least < needed) {
    const rows = least === 0 ? 'no row' : least === 1 ? '1 row' : `${least} rows`;
    throw new DatasetError(
      `${rows} with ${OUTCOME_FIELD} ${smallest}: each of 0, 1 and 2 needs at least ${needed}, one for each fold`,
    );
  }
  const folds = requested ?? Math.min(labels.length < FULL_FOLDS_ROWS ? FEW_FOLDS : DEFAULT_FOLDS, least);
  const innerFolds = labels.length < FULL_FOLDS_ROWS ? FEW_FOLDS : DEFAULT_FOLDS;
  return { folds, innerFolds };
}
