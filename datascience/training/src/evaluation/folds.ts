import { Random } from '../common/random.js';

/**
 * Deals rows to `k` folds, stratified by class: within each class the rows are shuffled and dealt in turn,
 * continuing where the previous class stopped, so that fold sizes differ by one row at most.
 * Text and image trainers call it with the same labels and seed, hence hold out the same rows.
 *
 * @param labels class of each row, from 0
 * @returns the fold of each row, in [0, k)
 */
export function stratifiedFolds(labels: ArrayLike<number>, k: number, seed: number): Uint8Array {
  const rowsByClass = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    const rows = rowsByClass.get(label);
    if (rows) rows.push(row);
    else rowsByClass.set(label, [row]);
  }
  const random = new Random(seed);
  const folds = new Uint8Array(labels.length);
  let next = 0;
  for (const label of [...rowsByClass.keys()].sort((a, b) => a - b)) {
    for (const row of random.shuffle(rowsByClass.get(label) as number[])) {
      folds[row] = next;
      next = (next + 1) % k;
    }
  }
  return folds;
}

/** Below this many training rows held-out predictions come from every fold in turn; above, from one fold alone. */
export const OUT_OF_FOLD_MAX_ROWS = 6_000;
/** Folds where each row is predicted by a model that has not seen it. */
export const OUT_OF_FOLD_COUNT = 5;
/** The one fold in ten that larger sets hold out. */
export const HOLD_OUT_FOLDS = 10;
