import type { Tensor2D } from '@tensorflow/tfjs-node';
import { minimise } from './lbfgs.js';
import type { Tensorflow } from './tensorflow.js';

/** Rows of numbers, row-major. */
export interface FeatureMatrix {
  data: Float32Array;
  columns: number;
}

/** logits = W x + b. */
export interface LinearHead {
  /** Row-major [columns × classes]. */
  kernel: Float32Array;
  bias: Float32Array;
}

/** What a head is fitted on. */
export interface LogisticProblem {
  features: FeatureMatrix;
  /** Class of each row of `features`. */
  labels: ArrayLike<number>;
  /** The rows that are used. */
  rows: Int32Array;
  classes: number;
}

export interface FitOptions {
  /** Strength of ½ · l2 · ‖W‖² beside the mean loss of a row; the bias is free. */
  l2: number;
  maxIterations: number;
  /** Where to start; zeros by default. */
  start?: LinearHead;
  /** Called after each iteration with the mean loss, penalty included; stops where it returns true. */
  onIteration?(iteration: number, loss: number, head: LinearHead): boolean;
}

/** Rows multiplied at once: bounds the memory beside the features themselves. */
const CHUNK_ROWS = 4096;
/** Rows of at most this many bytes are handed to TensorFlow once; more of them anew in each iteration. */
const KEPT_BYTES = 512 * 2 ** 20;

/** Fits a multinomial logistic regression with an L2 penalty by L-BFGS; TensorFlow multiplies the matrices. */
export function fitLogistic(tf: Tensorflow, problem: LogisticProblem, options: FitOptions): LinearHead {
  const { columns } = problem.features;
  const { classes } = problem;
  const size = columns * classes;
  const parameters = new Float64Array(size + classes);
  if (options.start) {
    parameters.set(options.start.kernel);
    parameters.set(options.start.bias, size);
  }
  const toHead = (values: Float64Array): LinearHead => ({
    kernel: Float32Array.from(values.subarray(0, size)),
    bias: Float32Array.from(values.subarray(size)),
  });
  const chunks = Array.from({ length: Math.ceil(problem.rows.length / CHUNK_ROWS) }, (_, i) =>
    problem.rows.subarray(i * CHUNK_ROWS, (i + 1) * CHUNK_ROWS),
  );
  const read = (rows: Int32Array) => readChunk(tf, problem, rows);
  const kept = problem.rows.length * columns * 4 <= KEPT_BYTES ? chunks.map(read) : null;
  const objective = (values: Float64Array, gradient: Float64Array) => {
    gradient.fill(0);
    const head = toHead(values);
    let loss = 0;
    for (const [i, rows] of chunks.entries()) {
      const chunk = kept?.[i] ?? read(rows);
      loss += addLossOfChunk(tf, chunk, head, gradient);
      if (!kept) tf.dispose([chunk.x, chunk.target]);
    }
    return penalise(values, gradient, loss, problem.rows.length, size, options.l2);
  };
  try {
    minimise(objective, parameters, {
      maxIterations: options.maxIterations,
      onIteration: (iteration, loss) => options.onIteration?.(iteration, loss, toHead(parameters)) ?? false,
    });
  } finally {
    kept?.forEach(({ x, target }) => tf.dispose([x, target]));
  }
  return toHead(parameters);
}

/**
 * Logits of some rows.
 *
 * @returns row-major [rows × classes]
 */
export function headLogits(
  tf: Tensorflow,
  head: LinearHead,
  features: FeatureMatrix,
  rows: Int32Array,
): Float32Array {
  const classes = head.bias.length;
  const logits = new Float32Array(rows.length * classes);
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const chunk = rows.subarray(start, start + CHUNK_ROWS);
    const values = tf.tidy(() => {
      const x = tf.tensor2d(gather(features, chunk), [chunk.length, features.columns]);
      return x.matMul(tf.tensor2d(head.kernel, [features.columns, classes])).add(tf.tensor1d(head.bias));
    });
    logits.set(values.dataSync(), start * classes);
    values.dispose();
  }
  return logits;
}

/** Rows of the problem and their classes, one-hot, as TensorFlow has them. */
interface Chunk {
  x: Tensor2D;
  target: Tensor2D;
}

function readChunk(tf: Tensorflow, { features, labels, classes }: LogisticProblem, rows: Int32Array): Chunk {
  const own = Int32Array.from(rows, (row) => labels[row] as number);
  return tf.tidy(() => ({
    x: tf.tensor2d(gather(features, rows), [rows.length, features.columns]),
    target: tf.oneHot(tf.tensor1d(own, 'int32'), classes).toFloat() as Tensor2D,
  }));
}

/** Adds the chunk's gradient, as a sum over rows, and returns its loss. */
function addLossOfChunk(
  tf: Tensorflow,
  { x, target }: Chunk,
  head: LinearHead,
  gradient: Float64Array,
): number {
  const [columns, classes] = [x.shape[1], target.shape[1]];
  const [loss, kernelGradient, biasGradient] = tf.tidy(() => {
    const logits = x.matMul(tf.tensor2d(head.kernel, [columns, classes])).add(tf.tensor1d(head.bias));
    const logProbabilities = tf.logSoftmax(logits);
    const errors = logProbabilities.exp().sub<Tensor2D>(target);
    return [logProbabilities.mul(target).sum().neg(), x.matMul(errors, true, false), errors.sum(0)] as const;
  });
  addInto(gradient, kernelGradient.dataSync(), 0);
  addInto(gradient, biasGradient.dataSync(), columns * classes);
  const value = loss.dataSync()[0] as number;
  tf.dispose([loss, kernelGradient, biasGradient]);
  return value;
}

function gather({ data, columns }: FeatureMatrix, rows: Int32Array): Float32Array {
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => values.set(data.subarray(row * columns, (row + 1) * columns), i * columns));
  return values;
}

function addInto(target: Float64Array, values: ArrayLike<number>, offset: number): void {
  for (let i = 0; i < values.length; i++) {
    target[offset + i] = (target[offset + i] as number) + (values[i] as number);
  }
}

function penalise(
  values: Float64Array,
  gradient: Float64Array,
  loss: number,
  rows: number,
  kernelSize: number,
  l2: number,
): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const slope = (gradient[i] as number) / rows;
    const value = i < kernelSize ? (values[i] as number) : 0;
    squares += value * value;
    gradient[i] = slope + l2 * value;
  }
  return loss / rows + (l2 / 2) * squares;
}
