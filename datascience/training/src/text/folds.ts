import {
  HOLD_OUT_FOLDS,
  OUT_OF_FOLD_COUNT,
  OUT_OF_FOLD_MAX_ROWS,
  stratifiedFolds,
} from '../evaluation/folds.js';

/** One fold: fit on some rows of the corpus, hold out the others. */
export interface Fold {
  fitted: Int32Array;
  heldOut: Int32Array;
}

/**
 * Folds of the corpus: each in turn for small sets, one in ten for larger ones. They are dealt over all training
 * rows, with and without text, so that other modalities hold out the same products.
 *
 * @param labels class of every training row of the data set
 * @param positions the corpus's rows among them
 */
export function planFolds(labels: Int32Array, positions: Int32Array, seed: number): Fold[] {
  const isSmall = labels.length < OUT_OF_FOLD_MAX_ROWS;
  const folds = stratifiedFolds(labels, isSmall ? OUT_OF_FOLD_COUNT : HOLD_OUT_FOLDS, seed);
  const corpusRows = Int32Array.from(positions.keys());
  const isHeldOut = (row: number, fold: number) => folds[positions[row] as number] === fold;
  return Array.from({ length: isSmall ? OUT_OF_FOLD_COUNT : 1 }, (_, fold) => ({
    fitted: corpusRows.filter((row) => !isHeldOut(row, fold)),
    heldOut: corpusRows.filter((row) => isHeldOut(row, fold)),
  })).filter(({ fitted, heldOut }) => fitted.length > 0 && heldOut.length > 0);
}
