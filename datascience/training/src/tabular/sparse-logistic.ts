import { softmax, type SparseRows } from '@vitrine/inference';
import { minimise } from '../image/lbfgs.js';

/** A logistic regression over sparse terms: logit k = bias[k] + Σ weight × weights[term × classes + k]. */
export interface SparseLogistic {
  /** Row-major [terms × classes]. */
  weights: Float32Array;
  bias: Float32Array;
}

const MAX_ITERATIONS = 60;

/**
 * Fits a multinomial logistic regression with an L2 penalty by L-BFGS; the same minimum whatever the order of rows.
 *
 * @param rows which of the sparse rows to fit on
 * @param penalty the sum of the rows' losses is weighed against penalty / 2 × the squared weights; 1 / C in
 *   scikit-learn's terms
 */
export function fitSparseLogistic(
  data: SparseRows,
  labels: Uint8Array,
  rows: Int32Array,
  { terms, classes, penalty }: { terms: number; classes: number; penalty: number },
): SparseLogistic {
  const x = new Float64Array((terms + 1) * classes);
  const scale = 1 / Math.max(rows.length, 1);
  const logits = new Float64Array(classes);
  minimise(
    (point, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (const row of rows) {
        addLogits(data, row, point, terms, logits);
        const probabilities = softmax(logits);
        const label = labels[row] as number;
        loss -= Math.log(Math.max(probabilities[label] as number, 1e-300));
        probabilities[label] = (probabilities[label] as number) - 1;
        addGradient(data, row, probabilities, terms, gradient);
      }
      let squares = 0;
      for (let i = 0; i < terms * classes; i++) {
        const weight = point[i] as number;
        squares += weight * weight;
        gradient[i] = ((gradient[i] as number) + penalty * weight) * scale;
      }
      for (let i = terms * classes; i < gradient.length; i++) gradient[i] = (gradient[i] as number) * scale;
      return (loss + (penalty / 2) * squares) * scale;
    },
    x,
    { maxIterations: MAX_ITERATIONS, gradientTolerance: 1e-6 },
  );
  return {
    weights: Float32Array.from(x.subarray(0, terms * classes)),
    bias: Float32Array.from(x.subarray(terms * classes)),
  };
}

function addLogits(
  data: SparseRows,
  row: number,
  x: Float64Array,
  terms: number,
  logits: Float64Array,
): void {
  const classes = logits.length;
  for (let k = 0; k < classes; k++) logits[k] = x[terms * classes + k] as number;
  const end = data.starts[row + 1] as number;
  for (let i = data.starts[row] as number; i < end; i++) {
    const at = (data.terms[i] as number) * classes;
    const weight = data.weights[i] as number;
    for (let k = 0; k < classes; k++) logits[k] = (logits[k] as number) + weight * (x[at + k] as number);
  }
}

function addGradient(
  data: SparseRows,
  row: number,
  residual: Float64Array,
  terms: number,
  gradient: Float64Array,
): void {
  const classes = residual.length;
  for (let k = 0; k < classes; k++) {
    gradient[terms * classes + k] = (gradient[terms * classes + k] as number) + (residual[k] as number);
  }
  const end = data.starts[row + 1] as number;
  for (let i = data.starts[row] as number; i < end; i++) {
    const at = (data.terms[i] as number) * classes;
    const weight = data.weights[i] as number;
    for (let k = 0; k < classes; k++)
      gradient[at + k] = (gradient[at + k] as number) + weight * (residual[k] as number);
  }
}
