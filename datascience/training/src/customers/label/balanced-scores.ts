/** Labels 0 and 1 with the probability that a model gave the label 1. */
export interface BinaryScored {
  labels: ArrayLike<number>;
  /** Of label 1. */
  probabilities: ArrayLike<number>;
}

/** Scores that do not depend on how frequent the labels are: 0.5, 0.5 and ln 2 are what guessing scores. */
export interface BalancedScores {
  /** Mean of both labels' shares of right answers. */
  balancedAccuracy: number;
  /** Probability that a customer of label 1 is given a higher probability than one of label 0; ties count half. */
  auc: number;
  /** Mean of both labels' mean negative log probability of the true label, in nats. */
  logLoss: number;
  /** Mean gap between probability and share, both labels weighing as much. */
  ece: number;
}

const CLIP = 1e-15;
/** Equal-width bins of the expected calibration error (Guo et al. 2017, §2). */
const ECE_BINS = 15;

/** Every score. @throws RangeError where a label does not occur */
export function scoreBalanced(scored: BinaryScored): BalancedScores {
  const weights = classWeights(scored.labels);
  return {
    balancedAccuracy: weigh(scored, weights, (p, label) => ((p > 0.5 ? 1 : 0) === label ? 1 : 0)),
    auc: areaUnderCurve(scored.labels, midRanks(scored.probabilities)),
    logLoss: balancedLogLoss(scored),
    ece: calibrationError(scored, weights),
  };
}

/** @throws RangeError where a label does not occur */
export function balancedLogLoss(scored: BinaryScored): number {
  return weigh(
    scored,
    classWeights(scored.labels),
    (p, label) => -Math.log(Math.max(label === 1 ? p : 1 - p, CLIP)),
  );
}

/** Area under the receiver operating characteristic, by the rank-sum statistic (Hanley and McNeil 1982). */
export function areaUnderCurve(labels: ArrayLike<number>, ranks: ArrayLike<number>): number {
  let positives = 0;
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 1) continue;
    positives++;
    sum += ranks[i]!;
  }
  return (sum - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives));
}

/** Rank of each value from 1 on; equal values share the mean of theirs. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => values[a]! - values[b]!,
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** What one row of each label weighs, so that both labels sum to a half. */
function classWeights(labels: ArrayLike<number>): [number, number] {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i]!;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) throw new RangeError('Both labels must occur');
  return [0.5 / negatives, 0.5 / positives];
}

function weigh(
  { labels, probabilities }: BinaryScored,
  weights: readonly [number, number],
  measure: (probability: number, label: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as 0 | 1;
    sum += weights[label] * measure(probabilities[i]!, label);
  }
  return sum;
}

function calibrationError(
  { labels, probabilities }: BinaryScored,
  weights: readonly [number, number],
): number {
  const gaps = new Float64Array(ECE_BINS);
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i]!;
    const bin = Math.min(ECE_BINS - 1, Math.floor(p * ECE_BINS));
    gaps[bin]! += weights[labels[i] as 0 | 1] * (p - labels[i]!);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0);
}
