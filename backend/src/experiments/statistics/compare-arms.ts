import type { Moments } from './moments.js';
import { confidenceRadius, MIN_OBSERVATIONS, mixtureEValue } from './mixture-test.js';

/** How the log loss of one arm compares with that of another. */
export interface Difference {
  /** Outcomes of the arm with fewer; of both on the same products where they are paired. */
  outcomes: number;
  /** Mean log loss of the first minus that of the second, in nats: negative where the first is better. Null of nothing. */
  difference: number | null;
  /** Interval that holds at every look at once; null before there are enough outcomes. */
  lower: number | null;
  upper: number | null;
  /** Evidence against there being no difference; null before there are enough outcomes. */
  eValue: number | null;
}

/**
 * Compares arms that answered different products: difference of means, whose variances add.
 *
 * @param alpha error of the interval over all looks
 */
export function compareMeans(first: Moments, second: Moments, alpha: number): Difference {
  const outcomes = Math.min(first.count, second.count);
  return judge(outcomes, first.mean - second.mean, first.meanVariance + second.meanVariance, alpha);
}

/**
 * Compares arms on the same products: what makes a product hard or easy for both falls out of the difference.
 *
 * @param differences log loss of the first minus that of the second, product by product
 * @param alpha error of the interval over all looks
 */
export function comparePairs(differences: Moments, alpha: number): Difference {
  return judge(differences.count, differences.mean, differences.meanVariance, alpha);
}

function judge(outcomes: number, difference: number, variance: number, alpha: number): Difference {
  if (outcomes < MIN_OBSERVATIONS) {
    return {
      outcomes,
      difference: outcomes === 0 ? null : difference,
      lower: null,
      upper: null,
      eValue: null,
    };
  }
  const radius = confidenceRadius(variance, alpha);
  return {
    outcomes,
    difference,
    lower: difference - radius,
    upper: difference + radius,
    eValue: mixtureEValue(difference, variance),
  };
}
