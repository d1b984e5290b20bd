import fc from 'fast-check';
import { normal, seededRandom } from '../simulation/random.js';
import { confidenceRadius, MIN_OBSERVATIONS, mixtureEValue } from './mixture-test.js';
import { Moments } from './moments.js';

const variances = fc.double({ min: 1e-8, max: 10, noNaN: true });
const alphas = fc.double({ min: 1e-4, max: 0.5, noNaN: true });

describe('the mixture test', () => {
  it('rejects zero exactly where the interval leaves it out', () => {
    fc.assert(
      fc.property(variances, alphas, (variance, alpha) => {
        const radius = confidenceRadius(variance, alpha);
        expect(mixtureEValue(radius * 1.001, variance)).toBeGreaterThan(1 / alpha);
        expect(mixtureEValue(-radius * 0.999, variance)).toBeLessThan(1 / alpha);
      }),
    );
  });

  it('has evidence that grows with the difference and is finite', () => {
    fc.assert(
      fc.property(variances, fc.double({ min: 0, max: 100, noNaN: true }), (variance, difference) => {
        const less = mixtureEValue(difference, variance);
        expect(Number.isFinite(less)).toBe(true);
        expect(mixtureEValue(difference * 2, variance)).toBeGreaterThanOrEqual(less);
      }),
    );
  });

  it('has evidence of mean 1 where there is no difference', () => {
    const random = seededRandom(3);
    const variance = 0.001;
    let sum = 0;
    for (let i = 0; i < 50_000; i++) sum += mixtureEValue(Math.sqrt(variance) * normal(random), variance);
    expect(sum / 50_000).toBeCloseTo(1, 1);
  });

  it('is never narrower than the interval for one look', () => {
    fc.assert(
      fc.property(variances, (variance) => {
        expect(confidenceRadius(variance, 0.05)).toBeGreaterThan(1.96 * Math.sqrt(variance));
      }),
    );
  });

  it.each<[string, number, (random: () => number) => number]>([
    ['log losses', Math.log(3), (random) => -Math.log(1 - random()) * Math.log(3)],
    ['seldom events', 0.2, (random) => Number(random() < 0.2)],
    ['coins', 0.5, (random) => Number(random() < 0.5)],
    ['differences', 0, (random) => (random() - 0.5) * normal(random)],
  ])('holds the mean of %s at every look in 95 of 100 runs', (_name, mean, draw) => {
    const random = seededRandom(11);
    let misses = 0;
    for (let run = 0; run < 200; run++) misses += Number(leavesOut(draw, mean, random));
    expect(misses / 200).toBeLessThanOrEqual(0.05);
  });
});

/** Whether any of many looks at a growing sample leaves the mean out. */
function leavesOut(draw: (random: () => number) => number, mean: number, random: () => number): boolean {
  const moments = new Moments();
  while (moments.count < 2_000) {
    moments.add(draw(random));
    if (moments.count < MIN_OBSERVATIONS || moments.count % 20 !== 0) continue;
    if (Math.abs(moments.mean - mean) > confidenceRadius(moments.meanVariance, 0.05)) return true;
  }
  return false;
}
