import { softmax } from '../common/softmax.js';

/** Two temperatures that logits are divided by, and the share of the second one's softmax in the mean of both. */
export interface TemperedMixture {
  temperature: number;
  secondTemperature: number;
  /** In [0, 1]; 0 leaves the first softmax alone. */
  secondShare: number;
}

/** The mean of the softmaxes of `logits` at two temperatures, weighted by their shares: probabilities that sum to 1. */
export function mixedSoftmax(
  logits: ArrayLike<number>,
  { temperature, secondTemperature, secondShare }: TemperedMixture,
): Float64Array {
  const mixed = softmax(logits, temperature);
  if (secondShare === 0) return mixed;
  const second = softmax(logits, secondTemperature);
  for (let k = 0; k < mixed.length; k++) {
    mixed[k] = (1 - secondShare) * (mixed[k] as number) + secondShare * (second[k] as number);
  }
  return mixed;
}
