import fc from 'fast-check';
import { Random } from '../common/random.js';
import { stratifiedFolds } from './folds.js';

describe('stratifiedFolds', () => {
  it('deals every class evenly and repeats itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 2, max: 10 }),
        fc.nat(),
        (labels, k, seed) => {
          const folds = stratifiedFolds(labels, k, seed);
          expect(stratifiedFolds(labels, k, seed)).toEqual(folds);
          const sizes = (keep: (row: number) => boolean) => {
            const counts = new Array<number>(k).fill(0);
            folds.forEach((fold, row) => (counts[fold] = (counts[fold] as number) + (keep(row) ? 1 : 0)));
            return Math.max(...counts) - Math.min(...counts);
          };
          expect(sizes(() => true)).toBeLessThanOrEqual(1);
          for (let c = 0; c < 5; c++) expect(sizes((row) => labels[row] === c)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('Random', () => {
  it('repeats its sequence for a seed and differs for another', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.uint32()
        )(new Random(seed)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('is uniform enough: chi-squared over ten bins', () => {
    const random = new Random(1);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) bins[random.integer(10)]!++;
    const chi = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(27.9); // 0.1 % quantile at 9 degrees of freedom
  });
});
