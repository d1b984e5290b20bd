import { argmax, fusedProbabilities, type FusionHead } from '@vitrine/inference';
import { fitTemperature } from '../evaluation/calibration.js';
import { OUT_OF_FOLD_COUNT, stratifiedFolds } from '../evaluation/folds.js';
import { logLoss, predictedClasses } from '../evaluation/metrics.js';
import { fitFusionHead, fusionLogits, fusionProblem, type FusionProblem } from './fusion-problem.js';
import type { CommonHeldOut } from './held-out-intersection.js';

/** Strengths of the penalty on what differs between categories. */
const STRENGTHS = [3, 1, 0.3, 0.1, 0.03];

/** Fits that choosing a head makes. */
export const HEAD_FITS = STRENGTHS.length * OUT_OF_FOLD_COUNT;

/** Standard deviations of a gain that chance alone exceeds in one of a hundred cases. */
const SIGNIFICANCE = 2.326;

/** A way of fitting a head, with what heads of its kind do on rows that their fit had not seen. */
interface HeadCandidate {
  /** Strength of the penalty. */
  l2: number;
  temperature: number;
  /** Of the head. */
  keeps: FusionHead['keeps'];
  /** Row-major, calibrated. */
  probabilities: Float32Array;
  logLoss: number;
  /** Answers put right and spoilt, against the better member alone. */
  mended: number;
  spoilt: number;
}

/** A head fitted on every row, with its candidate. */
export interface ChosenHead extends HeadCandidate {
  head: FusionHead;
}

/**
 * Chooses a head over folds: the lowest log loss among those that keep the better member's answer and only say how
 * sure it is, and those that overrule it to its gain beyond doubt (McNemar's test, one-sided, at 1 %): a head with a
 * lower log loss may still be wrong more often than its better member.
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
  const better = findBetterMember(rows, classes);
  const candidates: HeadCandidate[] = [];
  for (const l2 of STRENGTHS) {
    const logits = await fitHeldOut(problem, folds, l2, afterFit);
    const temperature = fitTemperature(logits, labels, classes);
    for (const keeps of [better.member, null])
      candidates.push({ l2, ...measure(rows, classes, better, logits, { temperature, keeps }) });
  }
  const best = candidates.filter(isTrusted).reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  const all = labels.map((_, row) => row);
  return { ...best, head: { ...fitFusionHead(problem, all, best.l2), keeps: best.keeps } };
}

function isTrusted({ keeps, mended, spoilt }: HeadCandidate): boolean {
  return keeps !== null || (mended > spoilt && mended - spoilt >= SIGNIFICANCE * Math.sqrt(mended + spoilt));
}

interface BetterMember {
  member: 'text' | 'image';
  answers: Int32Array;
}

/** The member that is right more often, with its answers. */
function findBetterMember({ text, image, labels }: CommonHeldOut, classes: number): BetterMember {
  const answers = (probabilities: Float32Array) => predictedClasses({ labels, probabilities, classes });
  const hits = (own: Int32Array) => labels.filter((label, row) => own[row] === label).length;
  const [ofText, ofImage] = [answers(text), answers(image)];
  return hits(ofImage) > hits(ofText)
    ? { member: 'image', answers: ofImage }
    : { member: 'text', answers: ofText };
}

/** Logits of every row by a head that was fitted on the other folds. */
async function fitHeldOut(
  problem: FusionProblem,
  folds: Uint8Array,
  l2: number,
  afterFit: () => Promise<void>,
): Promise<Float64Array> {
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
  return logits;
}

/** What heads with these logits answer, and what they change in the answers of the better member. */
function measure(
  { labels, text, image }: CommonHeldOut,
  classes: number,
  { answers }: BetterMember,
  logits: Float64Array,
  head: Pick<HeadCandidate, 'temperature' | 'keeps'>,
): Omit<HeadCandidate, 'l2'> {
  const probabilities = new Float32Array(logits.length);
  let mended = 0;
  let spoilt = 0;
  for (const [row, label] of labels.entries()) {
    const span = [row * classes, (row + 1) * classes] as const;
    const members = { text: text.subarray(...span), image: image.subarray(...span) };
    const own = fusedProbabilities(head, logits.subarray(...span), head.temperature, members);
    probabilities.set(own, row * classes);
    const [answer, before] = [argmax(own), answers[row]];
    if (answer !== before && answer === label) mended++;
    if (answer !== before && before === label) spoilt++;
  }
  return { ...head, probabilities, logLoss: logLoss({ labels, probabilities, classes }), mended, spoilt };
}
