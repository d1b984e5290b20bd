import type { VegetableSums } from '../stores/sales-store.js';
import { fromUnits } from '../units.js';

/** Sample standard deviations above the mean beyond which a week is an outlier. */
const DEVIATIONS = 5n;

/**
 * Fewest weeks among which one can be an outlier: a single value is never further than (n − 1)/√n sample deviations
 * from the mean (Samuelson's inequality), and that passes 5 at n = 27.
 */
export const MIN_WEEKS_FOR_OUTLIER = 27;

/**
 * Whether a week lies above its vegetable's mean + 5 sample standard deviations, itself included in both.
 * Decided in whole numbers: x − S/n > 5·√((Q − S²/n)/(n − 1)), with d = n·x − S, is d > 0 and
 * d²·(n − 1) > 25·n·(n·Q − S²).
 */
export function isAboveDeviation(units: bigint, { count, sum, sumOfSquares }: VegetableSums): boolean {
  const n = BigInt(count);
  const distance = n * units - sum;
  return (
    distance > 0n &&
    distance * distance * (n - 1n) > DEVIATIONS * DEVIATIONS * n * (n * sumOfSquares - sum * sum)
  );
}

/** The limit in kilos, for people and for narrowing a search; `isAboveDeviation` decides. */
export function outlierLimit({ count, sum, sumOfSquares }: VegetableSums): number {
  if (count < 2) return Infinity;
  const n = BigInt(count);
  const spread = Number(n * sumOfSquares - sum * sum);
  const deviationUnits = Math.sqrt(spread / count / (count - 1));
  return fromUnits(sum) / count + (Number(DEVIATIONS) * deviationUnits) / 1e6;
}
