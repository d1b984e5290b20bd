import type { FusionHead } from '@vitrine/inference';
import { fitTemperature } from '../evaluation/calibration.js';
import { OUT_OF_FOLD_COUNT, stratifiedFolds } from '../evaluation/folds.js';
import { logLoss, predictedClasses } from '../evaluation/metrics.js';
import { toProbabilities } from '../evaluation/to-probabilities.js';
import { fitFusionHead, fusionLogits, fusionProblem, type FusionProblem } from './fusion-problem.js';
import type { CommonHeldOut } from './held-out-intersection.js';

/** Strengths of the penalty on what differs between categories. */
const STRENGTHS = [3, 1, 0.3, 0.1, 0.03];

/** Fits that choosing a head makes. */
export const HEAD_FITS = STRENGTHS.length * OUT_OF_FOLD_COUNT;

/** A head fitted on every row, with what heads of its kind do on rows that their fit had not seen. */
export interface ChosenHead {
  head: FusionHead;
  /** Strength of the penalty. */
  l2: number;
  temperature: number;
  /** Row-major, calibrated, of rows that the fits had not seen. */
  probabilities: Float32Array;
  logLoss: number;
  /** Answers put right and spoilt, against the better member alone. */
  mended: number;
  spoilt: number;
}

/**
 * Chooses a head by its log loss over folds. It may overrule both members: measured on other rows, heads that were
 * held to the better member's answer unless a test had shown their gain answered no better and were worse calibrated.
 *
 * @param afterFit called after each of `HEAD_FITS` fits, for progress and to give others a turn; what it throws ends all
 */
export async function chooseHead(
  rows: CommonHeldOut,
  classes: number,
  seed: number,
  afterFit: () => Promise<void> = async () => undefined,
): Promise<ChosenHead> {
  const { text, image, labels } = rows;
  const problem = fusionProblem(text, image, labels, classes);
  const folds = stratifiedFolds(labels, OUT_OF_FOLD_COUNT, seed);
  const candidates: (HeldOutFits & { l2: number })[] = [];
  for (const l2 of STRENGTHS) candidates.push({ l2, ...(await heldOut(problem, folds, l2, afterFit)) });
  const best = candidates.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  const all = labels.map((_, row) => row);
  return {
    ...best,
    ...compareAnswers(rows, best.probabilities, classes),
    head: fitFusionHead(problem, all, best.l2),
  };
}

type HeldOutFits = Pick<ChosenHead, 'temperature' | 'probabilities' | 'logLoss'>;

/** Probabilities of every row by a head that was fitted on the other folds. */
async function heldOut(
  problem: FusionProblem,
  folds: Uint8Array,
  l2: number,
  afterFit: () => Promise<void>,
): Promise<HeldOutFits> {
  const { labels, classes } = problem;
  const all = labels.map((_, row) => row);
  const logits = new Float64Array(labels.length * classes);
  for (let fold = 0; fold < OUT_OF_FOLD_COUNT; fold++) {
    const head = fitFusionHead(
      problem,
      all.filter((row) => folds[row] !== fold),
      l2,
    );
    for (const row of all.filter((one) => folds[one] === fold)) {
      logits.set(fusionLogits(head, problem, row), row * classes);
    }
    await afterFit();
  }
  const temperature = fitTemperature(logits, labels, classes);
  const probabilities = toProbabilities(logits, classes, temperature);
  return { temperature, probabilities, logLoss: logLoss({ labels, probabilities, classes }) };
}

/** What the head changes in the answers of whichever member is right more often. */
function compareAnswers(
  { text, image, labels }: CommonHeldOut,
  fused: Float32Array,
  classes: number,
): Pick<ChosenHead, 'mended' | 'spoilt'> {
  const isRight = (probabilities: Float32Array) => {
    const answers = predictedClasses({ labels, probabilities, classes });
    return labels.map((label, row) => answers[row] === label);
  };
  const hits = (right: readonly boolean[]) => right.filter(Boolean).length;
  const [ofText, ofImage, ofBoth] = [isRight(text), isRight(image), isRight(fused)];
  const better = hits(ofImage) > hits(ofText) ? ofImage : ofText;
  return {
    mended: hits(better.map((right, row) => !right && (ofBoth[row] as boolean))),
    spoilt: hits(better.map((right, row) => right && !(ofBoth[row] as boolean))),
  };
}
