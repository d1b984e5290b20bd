import { softmax } from '../common/softmax.js';
import type { ProcessorSpec } from '../package/manifest.js';
import { isNumberList, requireConfig } from './config-checks.js';
import type { TabularNetwork } from './tabular-network.js';

/** `kind` and `version` of the network in a model package; it has no files. */
export const LINEAR_TABULAR_KIND = 'linear-tabular';
export const LINEAR_TABULAR_VERSION = 1;

/** Multinomial logistic regression over standardised columns. */
export interface LinearTabularConfig {
  /** Of each column: (value − mean) / scale is what the weights see; a missing value counts as the mean. */
  means: number[];
  scales: number[];
  /** A row of weights for each category. */
  weights: number[][];
  /** One for each category. */
  bias: number[];
}

/**
 * Reads the network from its spec.
 *
 * @throws PackageError `manifest-invalid` where it does not fit the columns and categories
 */
export function readLinearTabular(spec: ProcessorSpec, columns: number, categories: number): TabularNetwork {
  const { means, scales, weights, bias } = spec.config;
  requireConfig(spec, isNumberList(means, columns), `"means" must be ${columns} numbers`);
  requireConfig(
    spec,
    isNumberList(scales, columns) && scales.every((scale) => scale > 0),
    `"scales" must be ${columns} positive numbers`,
  );
  requireConfig(spec, isNumberList(bias, categories), `"bias" must be ${categories} numbers`);
  requireConfig(
    spec,
    Array.isArray(weights) && weights.length === categories && weights.every((w) => isNumberList(w, columns)),
    `"weights" must be ${categories} lists of ${columns} numbers`,
  );
  return new LinearTabular({ means, scales, weights: weights as number[][], bias });
}

class LinearTabular implements TabularNetwork {
  constructor(private readonly config: LinearTabularConfig) {}

  probabilities(columns: Float32Array): Float64Array {
    const { means, scales, weights, bias } = this.config;
    const logits = Float64Array.from(bias);
    for (let column = 0; column < columns.length; column++) {
      const value = columns[column] as number;
      if (Number.isNaN(value)) continue;
      const standard = (value - (means[column] as number)) / (scales[column] as number);
      for (let k = 0; k < logits.length; k++) {
        logits[k] = (logits[k] as number) + standard * (weights[k]?.[column] as number);
      }
    }
    return softmax(logits);
  }
}
