import type { Random } from '../../common/random.js';

/** What a label may depend on. */
export interface LabelFeatures {
  attr_a: number;
  attr_b: string;
  scd_a: number;
  scd_b: number;
}

/** Share of customers whose label is 1, whatever the signal. */
const POSITIVE_SHARE = 0.0915;
/** How far the log-odds swing at full signal, in standard deviations of the score. */
const FULL_SWING = 4;
/** Draws from which the level is found that keeps the share. */
const LEVEL_DRAWS = 4_096;

const byAttrB: Readonly<Record<string, number>> = { a: 0.9, b: -0.5, c: 0.1, d: -0.3 };

/** A score of about mean 0 and deviation 1 that is not linear in its inputs. */
function scoreOf({ attr_a, attr_b, scd_a, scd_b }: LabelFeatures): number {
  const wave = 1.3 * Math.cos(2 * Math.PI * scd_a);
  const cross = attr_a === 1 ? 0.35 * (scd_b - 3) : -0.25 * (scd_b - 3);
  return wave + cross + byAttrB[attr_b]!;
}

/**
 * Labels with a planted signal: at strength 0 they are independent of the features, at 1 mostly decided by them. The
 * share of ones stays the same.
 *
 * @param strength 0 to 1
 * @param draw features as customers have them
 */
export function buildLabeler(
  strength: number,
  draw: () => LabelFeatures,
): (features: LabelFeatures, random: Random) => 0 | 1 {
  const swing = strength * FULL_SWING;
  const scores = Array.from({ length: LEVEL_DRAWS }, () => swing * scoreOf(draw()));
  const level = findLevel(scores);
  return (features, random) => (random.next() < logistic(level + swing * scoreOf(features)) ? 1 : 0);
}

/** The intercept at which the mean probability is the positive share, by bisection. */
function findLevel(scores: readonly number[]): number {
  let [low, high] = [-40, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    const mean = scores.reduce((sum, score) => sum + logistic(middle + score), 0) / scores.length;
    if (mean < POSITIVE_SHARE) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
