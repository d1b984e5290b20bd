import fc from 'fast-check';
import { stratifiedSplit } from './stratified-split.js';

const shareOf = (rows: number[], classes: number[], id: number) =>
  rows.filter((row) => classes[row] === id).length;

describe('stratifiedSplit', () => {
  it('keeps the shares of classes within a row and the totals exactly', () => {
    const classes = [...Array(100).fill(1), ...Array(33).fill(5), ...Array(17).fill(2)] as number[];
    const { train, test } = stratifiedSplit(classes, 0.8, 0.2, 42);
    expect(test).toHaveLength(30);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(classes.map((_, row) => row));
    expect([1, 5, 2].map((id) => shareOf(test, classes, id))).toEqual([20, 7, 3]);
  });

  it('never tests on a class of one row', () => {
    const classes = Array.from({ length: 10 }, (_, i) => i);
    expect(stratifiedSplit(classes, 0.5, 0.5, 1)).toEqual({ train: classes, test: [] });
  });

  it('draws disjoint parts of any fractions, with every class in training', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 98 }),
        fc.integer({ min: 1, max: 98 }),
        fc.integer(),
        (classes, a, b, seed) => {
          fc.pre(a + b <= 100);
          const { train, test } = stratifiedSplit(classes, a / 100, b / 100, seed);
          expect(new Set([...train, ...test]).size).toBe(train.length + test.length);
          expect(test.length).toBeLessThanOrEqual(Math.round((classes.length * b) / 100));
          for (const id of new Set(classes)) expect(shareOf(train, classes, id)).toBeGreaterThan(0);
          expect(stratifiedSplit(classes, a / 100, b / 100, seed)).toEqual({ train, test });
        },
      ),
    );
  });
});
