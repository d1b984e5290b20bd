import type { Dataset } from '../datasets/dataset.js';
import type { HeldOutPredictions } from '../runs/trainer.js';

/** Both members' predictions for the rows that neither had seen. */
export interface CommonHeldOut {
  /** Positions in `dataset.train`, ascending. */
  rows: Int32Array;
  labels: number[];
  /** Row-major [rows × classes]. */
  text: Float32Array;
  image: Float32Array;
}

/** Fewer rows say too little about how far each model is to be trusted. */
const MIN_ROWS = 20;

/**
 * Keeps the rows that both members held out.
 *
 * @throws Error saying what to do, where they are too few or not of this data set
 */
export function intersectHeldOut(
  text: HeldOutPredictions,
  image: HeldOutPredictions,
  dataset: Dataset,
): CommonHeldOut {
  const classes = dataset.categories.length;
  const imagePosition = new Map(Array.from(image.rows, (row, i) => [row, i]));
  const pairs = Array.from(text.rows, (row, i) => ({ row, text: i, image: imagePosition.get(row) })).filter(
    (pair): pair is { row: number; text: number; image: number } => pair.image !== undefined,
  );
  if (pairs.some(({ row }) => row >= dataset.train.length)) {
    throw new Error('The models were trained on another data set: train both on this one first');
  }
  if (pairs.length < MIN_ROWS) {
    throw new Error(
      `Only ${pairs.length} rows were held out by both models, and ${MIN_ROWS} are needed: ` +
        'train both on this data set with the same --seed, or give it more products with photos',
    );
  }
  const pick = (probabilities: Float32Array, position: number) =>
    probabilities.subarray(position * classes, (position + 1) * classes);
  const gathered = {
    text: new Float32Array(pairs.length * classes),
    image: new Float32Array(pairs.length * classes),
  };
  pairs.forEach((pair, i) => {
    gathered.text.set(pick(text.probabilities, pair.text), i * classes);
    gathered.image.set(pick(image.probabilities, pair.image), i * classes);
  });
  return {
    rows: Int32Array.from(pairs, ({ row }) => row),
    labels: pairs.map(({ row }) => dataset.train[row]?.label ?? 0),
    ...gathered,
  };
}
