import { softmax } from '@vitrine/inference';

/**
 * Turns rows of logits into rows of probabilities.
 *
 * @param logits row-major [rows × classes]
 */
export function toProbabilities(
  logits: Float32Array | Float64Array,
  classes: number,
  temperature: number,
): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    probabilities.set(softmax(logits.subarray(start, start + classes), temperature), start);
  }
  return probabilities;
}
