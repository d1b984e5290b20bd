import { argmax, fusedProbabilities, type FusionHead } from '@vitrine/inference';
import { fitTemperature } from '../evaluation/calibration.js';
import { OUT_OF_FOLD_COUNT, stratifiedFolds } from '../evaluation/folds.js';
import { logLoss, predictedClasses } from '../evaluation/metrics.js';
import { fitFusionHead, fusionLogits, fusionProblem, type FusionProblem } from './fusion-problem.js';
import type { CommonHeldOut } from './held-out-intersection.js';

/** A way of fitting a head, with what it does on rows that its fit had not seen. */
interface HeadCandidate {
  /** Of the members' probabilities. */
  floor: number;
  /** Strength of the penalty on what differs between categories. */
  l2: number;
  /** How much the weaker member's weights count, from 0 to 1. */
  trust: number;
  temperature: number;
  /** Row-major, calibrated. */
  probabilities: Float32Array;
  logLoss: number;
  /** Of the head; null overrules. */
  keeps: FusionHead['keeps'];
  /** Answers put right and spoilt, against the better member alone. */
  mended: number;
  spoilt: number;
}

const FLOORS = [1e-4, 1e-3, 1e-2, 3e-2];
const STRENGTHS = [3, 1, 0.3, 0.1, 0.03];
const TRUSTS = [1, 0.7, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05];

/** Standard deviations of a gain that chance alone exceeds in one of twenty cases. */
const SIGNIFICANCE = 2.326;

/** The chosen head, fitted on every row, and its candidate. */
export interface ChosenHead {
  head: FusionHead;
  candidate: HeadCandidate;
}

/**
 * Chooses a head over folds: the lowest log loss among those that overrule the better member only to its gain, and
 * those that keep its answer and only say how sure it is. A head with a lower log loss may answer wrongly more often
 * than its better member; one whose mended answers do not exceed the spoilt ones significantly (McNemar's test,
 * one-sided) is not trusted to overrule.
 */
export function chooseHead(rows: CommonHeldOut, classes: number, seed: number): ChosenHead {
  const folds = stratifiedFolds(rows.labels, OUT_OF_FOLD_COUNT, seed);
  const better = betterMember(rows, classes);
  const candidates = FLOORS.flatMap((floor) => {
    const problem = fusionProblem(rows.text, rows.image, rows.labels, classes, floor);
    return STRENGTHS.flatMap((l2) => evaluate(problem, rows, folds, l2, better));
  });
  const isTrusted = ({ keeps, mended, spoilt }: HeadCandidate) =>
    keeps !== null || (mended > spoilt && mended - spoilt >= SIGNIFICANCE * Math.sqrt(mended + spoilt));
  const candidate = candidates.filter(isTrusted).reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  const problem = fusionProblem(rows.text, rows.image, rows.labels, classes, candidate.floor);
  const head = fitFusionHead(
    problem,
    problem.labels.map((_, row) => row),
    candidate.l2,
  );
  const { keeps, trust } = candidate;
  return { head: { ...withTrust(head, better.weaker, trust), keeps }, candidate };
}

interface BetterMember {
  weaker: 'text' | 'image';
  answers: Int32Array;
}

function betterMember({ text, image, labels }: CommonHeldOut, classes: number): BetterMember {
  const answers = (probabilities: Float32Array) => predictedClasses({ labels, probabilities, classes });
  const hits = (own: Int32Array) => own.reduce((sum, answer, i) => sum + Number(answer === labels[i]), 0);
  const [ofText, ofImage] = [answers(text), answers(image)];
  return hits(ofImage) > hits(ofText)
    ? { weaker: 'text', answers: ofImage }
    : { weaker: 'image', answers: ofText };
}

/** Two candidates for each trust, one that overrules and one that keeps; a head is fitted once a fold. */
function evaluate(
  problem: FusionProblem,
  rows: CommonHeldOut,
  folds: Uint8Array,
  l2: number,
  better: BetterMember,
): HeadCandidate[] {
  const { labels, classes, floor } = problem;
  const all = labels.map((_, row) => row);
  const heads = Array.from({ length: OUT_OF_FOLD_COUNT }, (_, fold) =>
    fitFusionHead(
      problem,
      all.filter((row) => folds[row] !== fold),
      l2,
    ),
  );
  return TRUSTS.flatMap((trust) => {
    const logits = new Float64Array(labels.length * classes);
    for (const row of all) {
      const head = withTrust(heads[folds[row] as number] as FusionHead, better.weaker, trust);
      logits.set(fusionLogits(head, problem, [row]), row * classes);
    }
    const temperature = fitTemperature(logits, labels, classes);
    const keep = better.weaker === 'text' ? ('image' as const) : ('text' as const);
    return [null, keep].map((keeps) => ({
      ...{ floor, l2, trust, temperature, keeps },
      ...measure(logits, rows, classes, better.answers, { temperature, keeps }),
    }));
  });
}

function measure(
  logits: Float64Array,
  { labels, text, image }: CommonHeldOut,
  classes: number,
  answers: Int32Array,
  { temperature, keeps }: Pick<HeadCandidate, 'temperature' | 'keeps'>,
): Pick<HeadCandidate, 'probabilities' | 'logLoss' | 'mended' | 'spoilt'> {
  const probabilities = new Float32Array(logits.length);
  let mended = 0;
  let spoilt = 0;
  for (const [row, label] of labels.entries()) {
    const span = [row * classes, (row + 1) * classes] as const;
    const members = { text: text.subarray(...span), image: image.subarray(...span) };
    const own = fusedProbabilities({ keeps }, logits.subarray(...span), temperature, members);
    probabilities.set(own, row * classes);
    const [answer, before] = [argmax(own), answers[row]];
    if (answer !== before && answer === label) mended++;
    if (answer !== before && before === label) spoilt++;
  }
  return { probabilities, logLoss: logLoss({ labels, probabilities, classes }), mended, spoilt };
}

function withTrust(head: FusionHead, weaker: 'text' | 'image', trust: number): FusionHead {
  const { base, byTextConfidence, byImageConfidence, perCategory } = head[weaker];
  return {
    ...head,
    [weaker]: {
      base: base * trust,
      byTextConfidence: byTextConfidence * trust,
      byImageConfidence: byImageConfidence * trust,
      perCategory: perCategory.map((weight) => weight * trust),
    },
  };
}
