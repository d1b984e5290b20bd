import { argmax } from '@vitrine/inference';

/** True and predicted class of each row and the probability of every class. */
export interface Scored {
  /** True class of each row, from 0. */
  labels: ArrayLike<number>;
  /** Row-major [rows × classes]; each row sums to 1. */
  probabilities: Float32Array | Float64Array;
  classes: number;
}

/** One class's line of a classification report. */
export interface ClassScores {
  precision: number;
  recall: number;
  f1: number;
  /** Rows that truly are of this class. */
  support: number;
}

/** Scores of a classifier; all in [0, 1] but `log_loss`, in nats. */
export interface Scores {
  accuracy: number;
  weighted_f1: number;
  macro_f1: number;
  log_loss: number;
  ece: number;
}

/** Probabilities are clipped here before the logarithm, so that one certain error costs no infinity. */
const LOG_LOSS_CLIP = 1e-15;
/** Equal-width bins of the expected calibration error (Guo et al. 2017, §2). */
const ECE_BINS = 15;

/** Most probable class of each row. */
export function predictedClasses({ probabilities, classes }: Scored): Int32Array {
  const rows = probabilities.length / classes;
  const predicted = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    predicted[row] = argmax(probabilities.subarray(row * classes, (row + 1) * classes));
  }
  return predicted;
}

/** Counts by true class (row) and predicted class (column), row-major [classes × classes]. */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): Uint32Array {
  const matrix = new Uint32Array(classes * classes);
  for (let row = 0; row < labels.length; row++) {
    const cell = (labels[row] as number) * classes + (predicted[row] as number);
    matrix[cell] = (matrix[cell] as number) + 1;
  }
  return matrix;
}

/** Precision, recall and F1 of each class; a ratio with nothing below its line is 0, as in scikit-learn. */
export function classScores(matrix: Uint32Array, classes: number): ClassScores[] {
  return Array.from({ length: classes }, (_, k) => {
    let support = 0;
    let predicted = 0;
    for (let j = 0; j < classes; j++) {
      support += matrix[k * classes + j] as number;
      predicted += matrix[j * classes + k] as number;
    }
    const hits = matrix[k * classes + k] as number;
    const precision = predicted === 0 ? 0 : hits / predicted;
    const recall = support === 0 ? 0 : hits / support;
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    return { precision, recall, f1, support };
  });
}

/**
 * Every score at once. The macro average is over the classes that occur among the labels or the predictions, as in
 * scikit-learn: a class that a small test split happens to lack is not counted as missed.
 *
 * @throws RangeError where there are no rows
 */
export function score(scored: Scored): Scores {
  const { labels, classes } = scored;
  if (labels.length === 0) throw new RangeError('There are no rows to score');
  const predicted = predictedClasses(scored);
  const perClass = classScores(confusionMatrix(labels, predicted, classes), classes);
  const occurs = new Set([...predicted, ...Array.from(labels)]);
  const present = perClass.filter((_, k) => occurs.has(k));
  const hits = predicted.reduce((sum, p, row) => sum + (p === labels[row] ? 1 : 0), 0);
  return {
    accuracy: hits / labels.length,
    weighted_f1: perClass.reduce((sum, c) => sum + c.f1 * c.support, 0) / labels.length,
    macro_f1: present.reduce((sum, c) => sum + c.f1, 0) / present.length,
    log_loss: logLoss(scored),
    ece: expectedCalibrationError(scored),
  };
}

/** Mean negative log of the true class's probability, in nats. */
export function logLoss({ labels, probabilities, classes }: Scored): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const p = probabilities[row * classes + (labels[row] as number)] as number;
    sum -= Math.log(Math.max(p, LOG_LOSS_CLIP));
  }
  return sum / labels.length;
}

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean confidence and share of right answers of the bin's rows; NaN in an empty bin. */
  confidence: number;
  accuracy: number;
  count: number;
}

/** Rows dealt to `ECE_BINS` equal-width bins by the probability of their best class. */
export function reliabilityBins({ labels, probabilities, classes }: Scored): ReliabilityBin[] {
  const bins = Array.from({ length: ECE_BINS }, () => ({ confidence: 0, hits: 0, count: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const slice = probabilities.subarray(row * classes, (row + 1) * classes);
    const best = argmax(slice);
    const confidence = slice[best] as number;
    const bin = bins[Math.min(ECE_BINS - 1, Math.floor(confidence * ECE_BINS))] as (typeof bins)[number];
    bin.confidence += confidence;
    bin.hits += best === labels[row] ? 1 : 0;
    bin.count++;
  }
  return bins.map(({ confidence, hits, count }) => ({
    confidence: confidence / count,
    accuracy: hits / count,
    count,
  }));
}

/** Mean gap between confidence and accuracy over the reliability bins, weighted by their rows. */
export function expectedCalibrationError(scored: Scored): number {
  return reliabilityBins(scored)
    .filter((bin) => bin.count > 0)
    .reduce(
      (sum, bin) => sum + (bin.count / scored.labels.length) * Math.abs(bin.confidence - bin.accuracy),
      0,
    );
}

/**
 * Share of the test rows that the commonest class of the training rows would get right: the score that any model
 * must beat.
 */
export function majorityBaseline(
  trainLabels: ArrayLike<number>,
  testLabels: ArrayLike<number>,
  classes: number,
): number {
  const counts = new Uint32Array(classes);
  for (let row = 0; row < trainLabels.length; row++) {
    const label = trainLabels[row] as number;
    counts[label] = (counts[label] as number) + 1;
  }
  const majority = argmax(counts);
  let hits = 0;
  for (let row = 0; row < testLabels.length; row++) hits += testLabels[row] === majority ? 1 : 0;
  return hits / testLabels.length;
}
