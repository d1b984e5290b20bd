import fc from 'fast-check';
import { toUnits } from '../units.js';
import { findMadOutliers } from './mad-outliers.js';
import { isAboveDeviation, MIN_WEEKS_FOR_OUTLIER, outlierLimit } from './mean-outliers.js';

const sumsOf = (values: readonly number[]) => {
  const units = values.map(toUnits);
  return {
    count: units.length,
    sum: units.reduce((sum, x) => sum + x, 0n),
    sumOfSquares: units.reduce((sum, x) => sum + x * x, 0n),
  };
};
const weeksOf = (values: readonly number[]) =>
  values.map((sales, i) => ({ week: 202001 + i, vegetable: 'leek', units: toUnits(sales) }));

describe('mean + 5 deviations', () => {
  it('is what the definition says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.constant(100_000)), {
          minLength: 2,
          maxLength: 80,
        }),
        (values) => {
          const mean = values.reduce((a, b) => a + b, 0) / values.length;
          const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
          const limit = mean + 5 * Math.sqrt(variance);
          const sums = sumsOf(values);
          expect(outlierLimit(sums)).toBeCloseTo(limit, 3);
          for (const x of values) {
            if (Math.abs(x - limit) > 1e-3) expect(isAboveDeviation(toUnits(x), sums)).toBe(x > limit);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('needs 27 weeks for one spike among equals', () => {
    const spikeAmong = (n: number) => [...Array.from({ length: n - 1 }, () => 1), 1e9];
    const isSpikeOut = (n: number) => isAboveDeviation(toUnits(1e9), sumsOf(spikeAmong(n)));
    expect([MIN_WEEKS_FOR_OUTLIER - 1, MIN_WEEKS_FOR_OUTLIER].map(isSpikeOut)).toEqual([false, true]);
  });

  it('finds nothing among equal weeks, and knows no deviation of one', () => {
    expect(isAboveDeviation(toUnits(5), sumsOf([5, 5, 5]))).toBe(false);
    expect(isAboveDeviation(toUnits(5), sumsOf([5]))).toBe(false);
    expect(outlierLimit(sumsOf([5]))).toBe(Infinity);
  });
});

describe('median absolute deviation of logs', () => {
  const salesOf = (weeks: { units: bigint }[]) => weeks.map(({ units }) => Number(units) / 1e6);

  it('finds a spike among few weeks', () => {
    expect(salesOf(findMadOutliers(weeksOf([10, 11, 9, 10, 12, 500])))).toEqual([500]);
  });

  it('is not upset by several spikes, weeks without sales or low ones', () => {
    expect(salesOf(findMadOutliers(weeksOf([10, 11, 9, 10, 12, 11, 9, 0, 0.001, 500, 700])))).toEqual([
      500, 700,
    ]);
  });

  it('measures by the mean where most weeks are equal', () => {
    const values = [...Array.from({ length: 20 }, () => 10), 11, 5000];
    expect(salesOf(findMadOutliers(weeksOf(values)))).toEqual([5000]);
  });

  it('finds none among equals or too few', () => {
    expect(findMadOutliers(weeksOf([5, 5, 5, 5]))).toEqual([]);
    expect(findMadOutliers(weeksOf([5, 500]))).toEqual([]);
  });
});
