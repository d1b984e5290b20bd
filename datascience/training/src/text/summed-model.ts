import type { Blend } from './blend.js';
import { FeatureSpace } from './feature-space.js';
import type { TextTask } from './text-task.js';

/** The members as one linear classifier. */
export interface SummedModel {
  space: FeatureSpace;
  /** Row-major [columns × classes]. */
  matrix: Float32Array;
  bias: Float32Array;
}

/**
 * Sums flattened members, each by its factor of the blend: a sum of linear classifiers is one. The first member, which
 * has every column, is overwritten by the sum.
 */
export function sumMembers(task: TextTask, blend: Blend, members: readonly Float32Array[]): SummedModel {
  const { classes } = task;
  const [sum, ...others] = members as [Float32Array, ...Float32Array[]];
  const factor = blend.factors[0] as number;
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) * factor;
  for (const [m, other] of others.entries()) addTo(sum, other, blend.factors[m + 1] as number);
  const bias = sum.subarray(0, classes);
  for (let k = 0; k < classes; k++) bias[k] = (bias[k] as number) + (blend.shift[k] as number);
  const rows = Int32Array.from(task.labels.keys());
  return { space: new FeatureSpace(task.corpus, rows), matrix: sum.subarray(classes), bias };
}

function addTo(sum: Float32Array, other: Float32Array, factor: number): void {
  for (let i = 0; i < other.length; i++) sum[i] = (sum[i] as number) + factor * (other[i] as number);
}
