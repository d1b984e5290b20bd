import type { WeekRow } from '../stores/sales-store.js';

/** Modified z-score beyond which a value is an outlier, and the constants that make it comparable to a z-score
 * (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). */
const LIMIT = 3.5;
const MEDIAN_DEVIATION_SCALE = 1.4826;
const MEAN_DEVIATION_SCALE = 1.253314;

/**
 * Weeks of one vegetable that lie above the median by more than 3.5 scaled median absolute deviations, of the logs:
 * a spike does not widen its own limit, and sales that grow by factors are measured in factors. Where more than half
 * of the weeks are equal the mean absolute deviation stands in. Weeks without sales have no log and are left out.
 */
export function findMadOutliers(weeks: readonly WeekRow[]): WeekRow[] {
  const sold = weeks.filter(({ units }) => units > 0n);
  if (sold.length < 3) return [];
  const logs = sold.map(({ units }) => Math.log(Number(units)));
  const center = median(logs);
  const deviations = logs.map((log) => Math.abs(log - center));
  const mad = median(deviations);
  const scale =
    mad > 0
      ? MEDIAN_DEVIATION_SCALE * mad
      : (MEAN_DEVIATION_SCALE * deviations.reduce((sum, x) => sum + x, 0)) / deviations.length;
  return scale > 0 ? sold.filter((_, i) => (logs[i]! - center) / scale > LIMIT) : [];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
