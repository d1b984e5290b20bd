import { softmax, type SparseRow } from '@vitrine/inference/features';
import { Random } from '../common/random.js';
import type { FeatureSpace } from './feature-space.js';
import { flatWeights, type FitMember, type LinearMember, type MemberTask } from './linear-member.js';
import { addWeightedRows } from './weighted-rows.js';

/** First learning rate; it falls linearly to 0 at the last step. */
const LEARNING_RATE = 0.2;
/** Keeps the first AdaGrad steps finite. */
const EPSILON = 1e-10;
/** Row visits that a small set needs, and the bounds of the passes that follow from it. */
const VISITS_WANTED = 2_000;
const MIN_PASSES = 3;
const MAX_PASSES = 8;
/** From so many rows on a third pass changes nothing that held-out rows would show. */
const MANY_ROWS = 20_000;
const PASSES_OF_MANY_ROWS = 2;

/** What distinguishes one embedding bag from another. */
export interface EmbeddingBagOptions {
  /** Length of an embedding. */
  hidden: number;
  /** True to read words alone, false for words and characters. */
  wordsOnly: boolean;
}

/** A bag of embeddings: the features' weighted sum of vectors, then a linear layer; no activation between. */
class EmbeddingBag implements LinearMember {
  readonly bias: Float32Array;
  /** Row-major [columns × hidden]. */
  readonly embeddings: Float32Array;
  /** Row-major [hidden × classes]. */
  readonly output: Float32Array;
  readonly hiddenValues: Float64Array;

  constructor(
    columns: number,
    readonly classes: number,
    readonly options: EmbeddingBagOptions,
    random: Random,
  ) {
    const { hidden } = options;
    this.bias = new Float32Array(classes);
    // Zero, for the output layer alone breaks the symmetry: a term that is hardly seen says hardly anything.
    this.embeddings = new Float32Array(columns * hidden);
    this.output = new Float32Array(hidden * classes);
    this.hiddenValues = new Float64Array(hidden);
    fillUniform(this.output, 1 / Math.sqrt(hidden), random);
  }

  featuresOf(space: FeatureSpace, row: number): SparseRow {
    return this.options.wordsOnly ? space.wordFeatures(row) : space.features(row);
  }

  logits(features: SparseRow, out: Float64Array): void {
    const { output, hiddenValues, classes } = this;
    hiddenValues.fill(0);
    addWeightedRows(features, this.embeddings, hiddenValues);
    out.set(this.bias);
    for (let h = 0; h < hiddenValues.length; h++) {
      const value = hiddenValues[h] as number;
      const start = h * classes;
      for (let k = 0; k < classes; k++) out[k] = (out[k] as number) + value * (output[start + k] as number);
    }
  }

  flatten(): Float32Array {
    const { embeddings, output, classes } = this;
    const { hidden } = this.options;
    const columns = embeddings.length / hidden;
    const flat = flatWeights(columns, classes);
    flat.set(this.bias);
    const sum = new Float64Array(classes);
    for (let column = 0; column < columns; column++) {
      sum.fill(0);
      for (let h = 0; h < hidden; h++) {
        const value = embeddings[column * hidden + h] as number;
        const start = h * classes;
        for (let k = 0; k < classes; k++) sum[k] = (sum[k] as number) + value * (output[start + k] as number);
      }
      flat.set(sum, (1 + column) * classes);
    }
    return flat;
  }
}

/**
 * A trainer of embedding bags: softmax and cross-entropy, one row at a time, AdaGrad with one accumulator for each
 * embedding (Duchi et al. 2011). It makes min(`maxPasses`, clamp(2000 / rows, 3, 8)) passes, 2 on very many rows.
 */
export function embeddingBagTrainer(options: EmbeddingBagOptions): FitMember {
  return (task) => {
    const descent = new GradientDescent(task, options);
    const passes = Math.min(task.maxPasses, embeddingBagPasses(task.rows.length));
    const order = Int32Array.from(task.rows);
    for (let pass = 1; pass <= passes; pass++) {
      descent.random.shuffle(order);
      let loss = 0;
      for (let i = 0; i < order.length; i++) {
        const progress = (pass - 1 + i / order.length) / passes;
        loss += descent.visit(order[i] as number, LEARNING_RATE * (1 - progress));
      }
      if (task.afterPass({ pass, trainLoss: loss / order.length, member: descent.bag })) break;
    }
    return descent.bag;
  };
}

function embeddingBagPasses(rows: number): number {
  if (rows >= MANY_ROWS) return PASSES_OF_MANY_ROWS;
  return Math.min(MAX_PASSES, Math.max(MIN_PASSES, Math.ceil(VISITS_WANTED / rows)));
}

class GradientDescent {
  readonly bag: EmbeddingBag;
  readonly random: Random;
  private readonly embeddingSquares: Float32Array;
  private readonly outputSquares: Float32Array;
  private readonly logits: Float64Array;
  private readonly hiddenGradient: Float64Array;
  private biasSquares = 0;

  constructor(
    private readonly task: MemberTask,
    options: EmbeddingBagOptions,
  ) {
    const { space, classes, seed } = task;
    const columns = options.wordsOnly ? space.wordColumns : space.columns;
    this.random = new Random(seed);
    this.bag = new EmbeddingBag(columns, classes, options, this.random);
    this.embeddingSquares = new Float32Array(columns);
    this.outputSquares = new Float32Array(options.hidden);
    this.logits = new Float64Array(classes);
    this.hiddenGradient = new Float64Array(options.hidden);
  }

  /** One step on a row; returns its cross-entropy before the step. */
  visit(row: number, rate: number): number {
    const { bag, task } = this;
    const label = task.labels[row] as number;
    const features = bag.featuresOf(task.space, row);
    bag.logits(features, this.logits);
    const gradient = softmax(this.logits);
    const loss = -Math.log(Math.max(gradient[label] as number, 1e-12));
    gradient[label] = (gradient[label] as number) - 1;
    this.stepOutput(gradient, rate);
    this.stepEmbeddings(features, rate);
    return loss;
  }

  /** Moves the output layer and leaves the gradient at the hidden values in `hiddenGradient`. */
  private stepOutput(gradient: Float64Array, rate: number): void {
    const { output, bias, hiddenValues, classes } = this.bag;
    const meanSquare = squareSum(gradient) / classes;
    for (let h = 0; h < hiddenValues.length; h++) {
      const value = hiddenValues[h] as number;
      const squares = (this.outputSquares[h] as number) + value * value * meanSquare;
      this.outputSquares[h] = squares;
      const step = (rate * value) / Math.sqrt(squares + EPSILON);
      let backward = 0;
      for (let k = 0, place = h * classes; k < classes; k++, place++) {
        const weight = output[place] as number;
        const slope = gradient[k] as number;
        backward += weight * slope;
        output[place] = weight - step * slope;
      }
      this.hiddenGradient[h] = backward;
    }
    this.biasSquares += meanSquare;
    const biasStep = rate / Math.sqrt(this.biasSquares + EPSILON);
    for (let k = 0; k < classes; k++) bias[k] = (bias[k] as number) - biasStep * (gradient[k] as number);
  }

  private stepEmbeddings({ columns, values, size }: SparseRow, rate: number): void {
    const { embeddings } = this.bag;
    const { hidden } = this.bag.options;
    const { hiddenGradient } = this;
    const meanSquare = squareSum(hiddenGradient) / hidden;
    for (let i = 0; i < size; i++) {
      const column = columns[i] as number;
      const value = values[i] as number;
      const squares = (this.embeddingSquares[column] as number) + value * value * meanSquare;
      this.embeddingSquares[column] = squares;
      const step = (rate * value) / Math.sqrt(squares + EPSILON);
      const start = column * hidden;
      for (let h = 0; h < hidden; h++) {
        embeddings[start + h] = (embeddings[start + h] as number) - step * (hiddenGradient[h] as number);
      }
    }
  }
}

function squareSum(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

function fillUniform(array: Float32Array, bound: number, random: Random): void {
  for (let i = 0; i < array.length; i++) array[i] = bound * (2 * random.next() - 1);
}
