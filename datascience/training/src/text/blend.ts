import { mixedSoftmax, type TemperedMixture } from '@vitrine/inference';
import { fitTemperature } from '../evaluation/calibration.js';
import type { EnsembleMember } from './ensemble.js';
import type { HeldOutLogits } from './held-out-logits.js';
import { fitTemperaturePair } from './temperature-pair.js';

/**
 * Rare classes are lifted by this share of the logarithm of their prior. On rows held out of three training sets both
 * F1s rise up to 0.3, while the log loss begins to suffer at 0.2.
 */
const PRIOR_SHIFT = 0.15;
/** A temperature fitted on fewer rows is worse than the usual one. */
const MIN_CALIBRATION_ROWS = 200;
const UNCALIBRATED: TemperedMixture = { temperature: 1, secondTemperature: 1, secondShare: 0 };

/** How the members' logits become the model's: the sum of factor · logits, shifted and calibrated. */
export interface Blend {
  /** What each member's logits were divided by. */
  temperatures: number[];
  /** For each member its weight over its temperature. */
  factors: number[];
  /** Added to the blended logits, one for each class. */
  shift: Float64Array;
  /** Logarithms of the classes' shares among the training rows, each counted once more than it occurs. */
  logPriors: Float64Array;
  /** Of the blend as a whole: members that err differently are together surer than their mean. */
  calibration: TemperedMixture;
}

/** Fits the temperatures on rows that no member had seen. */
export function fitBlend(
  members: readonly EnsembleMember[],
  heldOut: HeldOutLogits,
  labels: Int32Array,
  classes: number,
): Blend {
  const heldOutLabels = heldOut.rows.map((row) => labels[row] as number);
  const isEnough = heldOutLabels.length >= MIN_CALIBRATION_ROWS;
  const temperatures = members.map(({ usualTemperature }, m) =>
    isEnough ? fitTemperature(heldOut.logits[m] as Float32Array, heldOutLabels, classes) : usualTemperature,
  );
  const logPriors = smoothedLogPriors(labels, classes);
  const shift = logPriors.map((logPrior) => -PRIOR_SHIFT * logPrior);
  const factors = members.map(({ weight }, m) => weight / (temperatures[m] as number));
  const blend = { temperatures, factors, shift, logPriors, calibration: UNCALIBRATED };
  if (!isEnough) return blend;
  const logits = blendLogits(blend, heldOut.logits);
  const temperature = fitTemperature(logits, heldOutLabels, classes);
  return { ...blend, calibration: fitTemperaturePair(logits, heldOutLabels, classes, temperature) };
}

/** Calibrated probabilities of rows by the members' logits of them, row-major [rows × classes]. */
export function blendProbabilities(blend: Blend, logits: readonly Float32Array[]): Float32Array {
  const classes = blend.shift.length;
  const blended = blendLogits(blend, logits);
  const probabilities = new Float32Array(blended.length);
  for (let start = 0; start < blended.length; start += classes) {
    probabilities.set(mixedSoftmax(blended.subarray(start, start + classes), blend.calibration), start);
  }
  return probabilities;
}

function blendLogits(blend: Pick<Blend, 'factors' | 'shift'>, logits: readonly Float32Array[]): Float64Array {
  const classes = blend.shift.length;
  const blended = new Float64Array(logits[0]?.length ?? 0);
  for (let i = 0; i < blended.length; i++) {
    let sum = blend.shift[i % classes] as number;
    for (const [m, ofMember] of logits.entries())
      sum += (blend.factors[m] as number) * (ofMember[i] as number);
    blended[i] = sum;
  }
  return blended;
}

function smoothedLogPriors(labels: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes).fill(1);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.map((count) => Math.log(count / (labels.length + classes)));
}
