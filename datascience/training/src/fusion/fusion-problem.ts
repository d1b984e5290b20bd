import {
  fuse,
  fusionFeatures,
  type FusionFeatures,
  type FusionHead,
  type MemberWeights,
} from '@vitrine/inference';
import { minimise } from '../image/lbfgs.js';

/** What a fusion head is fitted on: both members' answers for products that neither had seen. */
export interface FusionProblem {
  features: FusionFeatures[];
  labels: number[];
  classes: number;
}

/**
 * Of the heads that are fitted. On a public catalogue 0.01 put as many answers right as any from 0.0001 to 0.03.
 */
const FLOOR = 0.01;

/** @param text @param image row-major [rows × classes], calibrated */
export function fusionProblem(
  text: Float32Array,
  image: Float32Array,
  labels: readonly number[],
  classes: number,
): FusionProblem {
  const row = (values: Float32Array, i: number) => values.subarray(i * classes, (i + 1) * classes);
  return {
    features: labels.map((_, i) => fusionFeatures(row(text, i), row(image, i), FLOOR)),
    labels: [...labels],
    classes,
  };
}

/** Without evidence both members count fully: the product of their probabilities. */
const PRIOR_BASE = 1;
/** Of the weights that all categories share: weak, for many rows speak of them. */
const SHARED_L2 = 1e-3;
/** Base, by text confidence, by image confidence. */
const SHARED_WEIGHTS = 3;
const MAX_ITERATIONS = 300;

/**
 * Fits a fusion head: multinomial logistic regression with weights shared by the categories and, drawn to zero, a
 * correction for each category.
 *
 * @param rows the rows of the problem that are used
 * @param categoryL2 strength of ½ · l2 · (sum of squared corrections) beside the mean loss of a row
 */
export function fitFusionHead(
  problem: FusionProblem,
  rows: readonly number[],
  categoryL2: number,
): FusionHead {
  const { classes } = problem;
  const parameters = new Float64Array(2 * SHARED_WEIGHTS + 3 * classes);
  parameters[0] = PRIOR_BASE;
  parameters[SHARED_WEIGHTS] = PRIOR_BASE;
  const prior = parameters.slice();
  const objective = (values: Float64Array, gradient: Float64Array) => {
    gradient.fill(0);
    const head = toHead(values, problem);
    let loss = 0;
    for (const row of rows) loss += addLoss(problem, row, head, gradient);
    loss /= rows.length;
    for (let i = 0; i < values.length; i++) {
      const l2 = i < 2 * SHARED_WEIGHTS ? SHARED_L2 : categoryL2;
      const distance = (values[i] as number) - (prior[i] as number);
      loss += (l2 / 2) * distance * distance;
      gradient[i] = (gradient[i] as number) / rows.length + l2 * distance;
    }
    return loss;
  };
  minimise(objective, parameters, { maxIterations: MAX_ITERATIONS });
  return toHead(parameters, problem);
}

/** Logits of one row. */
export function fusionLogits(head: FusionHead, problem: FusionProblem, row: number): Float64Array {
  return fuse(head, problem.features[row] as FusionFeatures);
}

function toHead(values: Float64Array, { classes }: FusionProblem): FusionHead {
  const shared = 2 * SHARED_WEIGHTS;
  const member = (index: number): MemberWeights => {
    const [base, byTextConfidence, byImageConfidence] = values.subarray(index * SHARED_WEIGHTS);
    const start = shared + index * classes;
    return {
      base: base as number,
      byTextConfidence: byTextConfidence as number,
      byImageConfidence: byImageConfidence as number,
      perCategory: [...values.subarray(start, start + classes)],
    };
  };
  return {
    floor: FLOOR,
    text: member(0),
    image: member(1),
    bias: [...values.subarray(shared + 2 * classes)],
    keeps: null,
  };
}

/** Adds one row's gradient and returns its loss. */
function addLoss(
  { features, labels, classes }: FusionProblem,
  row: number,
  head: FusionHead,
  gradient: Float64Array,
): number {
  const own = features[row] as FusionFeatures;
  const label = labels[row] as number;
  const logits = fuse(head, own);
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, z) => total + Math.exp(z - max), 0);
  const add = (i: number, value: number) => (gradient[i] = (gradient[i] as number) + value);
  const shared = 2 * SHARED_WEIGHTS;
  for (let k = 0; k < classes; k++) {
    const error = Math.exp((logits[k] as number) - max) / sum - (k === label ? 1 : 0);
    [own.textLogs, own.imageLogs].forEach((logs, member) => {
      const slope = error * (logs[k] as number);
      add(member * SHARED_WEIGHTS, slope);
      add(member * SHARED_WEIGHTS + 1, slope * own.textConfidence);
      add(member * SHARED_WEIGHTS + 2, slope * own.imageConfidence);
      add(shared + member * classes + k, slope);
    });
    add(shared + 2 * classes + k, error);
  }
  return Math.log(sum) + max - (logits[label] as number);
}
