import { softmax, type TemperedMixture } from '@vitrine/inference';

/** Temperatures tried: these powers of this ratio, times the one that fits best alone. */
const RATIO = 2 ** 0.25;
const LOWEST_POWER = -6;
const HIGHEST_POWER = 10;
const SHARE_STEPS = 24;
const MIN_PROBABILITY = 1e-15;

/**
 * Finds two temperatures and their shares so that the mean of the two softmaxes has the least log loss. One
 * temperature cannot serve sure and unsure answers alike: here most rows are sharpened, and the second, softer
 * distribution keeps doubt where the model is wrong. Exhaustive over a grid, hence free of local optima.
 *
 * @param logits row-major [rows × classes], of rows that the model was not fitted on
 * @param labels class of each row
 * @param temperature that fits best alone; it is the answer, with a share of 0, where two are no better
 */
export function fitTemperaturePair(
  logits: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  temperature: number,
): TemperedMixture {
  const temperatures = Array.from(
    { length: HIGHEST_POWER - LOWEST_POWER + 1 },
    (_, i) => temperature * RATIO ** (LOWEST_POWER + i),
  );
  const truths = temperatures.map((t) => trueClassProbabilities(logits, labels, classes, t));
  let best = { temperature, secondTemperature: temperature, secondShare: 0 };
  let bestLoss = mixedLoss(truths[-LOWEST_POWER] as Float64Array, truths[-LOWEST_POWER] as Float64Array, 0);
  for (let i = 0; i < truths.length; i++) {
    for (let j = i + 1; j < truths.length; j++) {
      const { share, loss } = bestShare(truths[i] as Float64Array, truths[j] as Float64Array);
      if (loss >= bestLoss) continue;
      bestLoss = loss;
      best = {
        temperature: temperatures[i] as number,
        secondTemperature: temperatures[j] as number,
        secondShare: share,
      };
    }
  }
  return best;
}

function trueClassProbabilities(
  logits: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  temperature: number,
): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    const probabilities = softmax(logits.subarray(row * classes, (row + 1) * classes), temperature);
    return probabilities[label] as number;
  });
}

/** The loss is convex in the share: where its slope changes sign is its minimum (bisection). */
function bestShare(first: Float64Array, second: Float64Array): { share: number; loss: number } {
  let [low, high] = [0, 1];
  for (let step = 0; step < SHARE_STEPS; step++) {
    const middle = (low + high) / 2;
    if (slope(first, second, middle) < 0) low = middle;
    else high = middle;
  }
  const share = (low + high) / 2;
  return { share, loss: mixedLoss(first, second, share) };
}

function slope(first: Float64Array, second: Float64Array, share: number): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) {
    const a = first[i] as number;
    const b = second[i] as number;
    sum -= (b - a) / Math.max(a + share * (b - a), MIN_PROBABILITY);
  }
  return sum;
}

function mixedLoss(first: Float64Array, second: Float64Array, share: number): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) {
    const a = first[i] as number;
    const b = second[i] as number;
    sum -= Math.log(Math.max(a + share * (b - a), MIN_PROBABILITY));
  }
  return sum / first.length;
}
