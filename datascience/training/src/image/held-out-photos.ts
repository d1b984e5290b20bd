import { softmax } from '@vitrine/inference';
import type { HeldOutPredictions } from '../runs/trainer.js';
import type { PhotoRow } from './training-rows.js';

/**
 * Calibrated probabilities in ascending order of their rows.
 *
 * @param logits row-major [held × classes]
 * @param held positions in `photos`
 */
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
