import type { Fold } from './folds.js';

/** What the members say of rows that they had not seen. */
export interface HeldOutLogits {
  /** Rows of the corpus, ascending. */
  rows: Int32Array;
  /** For each member, row-major [rows × classes]. */
  logits: Float32Array[];
}

/**
 * Puts the folds' rows, each of which occurs once, in ascending order.
 *
 * @param logits by fold and member, of the fold's held-out rows
 */
export function mergeFolds(
  folds: readonly Fold[],
  logits: readonly (readonly Float32Array[])[],
  classes: number,
): HeldOutLogits {
  const rows = Int32Array.from(folds.flatMap(({ heldOut }) => [...heldOut])).sort();
  const placeOfRow = new Map(Array.from(rows, (row, place) => [row, place]));
  const members = logits[0]?.length ?? 0;
  const merged = Array.from({ length: members }, () => new Float32Array(rows.length * classes));
  for (const [f, { heldOut }] of folds.entries()) {
    for (const [i, row] of heldOut.entries()) {
      const place = (placeOfRow.get(row) as number) * classes;
      for (const [m, all] of merged.entries()) {
        const ofFold = logits[f]?.[m] as Float32Array;
        all.set(ofFold.subarray(i * classes, (i + 1) * classes), place);
      }
    }
  }
  return { rows, logits: merged };
}
