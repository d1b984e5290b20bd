import type { FeatureMatrix, LinearHead } from './logistic-regression.js';

/** Mean and spread of each column. */
export interface Standardisation {
  mean: Float64Array;
  /** Standard deviation, never 0. */
  deviation: Float64Array;
}

/** Added to deviations: a channel that hardly ever fires must not be blown up. */
const MIN_DEVIATION = 1e-3;

/** Brings every column to mean 0 and deviation 1, in place. */
export function standardise({ data, columns }: FeatureMatrix): Standardisation {
  const rows = data.length / columns;
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    mean[i % columns] = (mean[i % columns] as number) + value / rows;
    squares[i % columns] = (squares[i % columns] as number) + (value * value) / rows;
  }
  const deviation = squares.map(
    (square, c) => Math.sqrt(Math.max(0, square - (mean[c] as number) ** 2)) + MIN_DEVIATION,
  );
  for (let i = 0; i < data.length; i++) {
    data[i] = ((data[i] as number) - (mean[i % columns] as number)) / (deviation[i % columns] as number);
  }
  return { mean, deviation };
}

/** The head that gives the same logits for features that are not standardised. */
export function unstandardise(
  { kernel, bias }: LinearHead,
  { mean, deviation }: Standardisation,
): LinearHead {
  const classes = bias.length;
  const scaled = kernel.map((weight, i) => weight / (deviation[Math.floor(i / classes)] as number));
  const shift = new Float64Array(classes);
  scaled.forEach((weight, i) => {
    shift[i % classes] = (shift[i % classes] as number) + weight * (mean[Math.floor(i / classes)] as number);
  });
  return { kernel: scaled, bias: bias.map((value, k) => value - (shift[k] as number)) };
}
