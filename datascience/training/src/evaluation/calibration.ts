/** Temperatures are looked for in this range; its ends are far beyond what any sane model needs. */
const TEMPERATURE_RANGE = [0.05, 20] as const;
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
const SEARCH_STEPS = 60;

/**
 * Finds the temperature that minimises the log loss of `softmax(logits / temperature)` (Guo et al. 2017). The loss
 * has one minimum in the inverse temperature, so a golden-section search over its logarithm finds it.
 *
 * @param logits row-major [rows × classes], of rows that the model was not fitted on
 * @param labels class of each row, from 0
 * @returns the temperature; 1 where there are no rows
 */
export function fitTemperature(
  logits: Float32Array | Float64Array,
  labels: ArrayLike<number>,
  classes: number,
): number {
  if (labels.length === 0) return 1;
  const loss = (logTemperature: number) => temperedLogLoss(logits, labels, classes, Math.exp(logTemperature));
  let low = Math.log(TEMPERATURE_RANGE[0]);
  let high = Math.log(TEMPERATURE_RANGE[1]);
  let left = high - GOLDEN_RATIO * (high - low);
  let right = low + GOLDEN_RATIO * (high - low);
  let lossLeft = loss(left);
  let lossRight = loss(right);
  for (let step = 0; step < SEARCH_STEPS && high - low > 1e-5; step++) {
    if (lossLeft < lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - GOLDEN_RATIO * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + GOLDEN_RATIO * (high - low);
      lossRight = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
}

function temperedLogLoss(
  logits: Float32Array | Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  temperature: number,
): number {
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    let max = -Infinity;
    for (let k = 0; k < classes; k++) max = Math.max(max, logits[start + k] as number);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(((logits[start + k] as number) - max) / temperature);
    total += Math.log(sum) - ((logits[start + (labels[row] as number)] as number) - max) / temperature;
  }
  return total / labels.length;
}
