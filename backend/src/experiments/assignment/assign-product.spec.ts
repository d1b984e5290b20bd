import fc from 'fast-check';
import { assignProduct } from './assign-product.js';

const arms = (...weights: number[]) => weights.map((weight, i) => ({ id: i, weight }));
const PRODUCTS = Array.from({ length: 30_000 }, (_, i) => i + 1);

/** Pearson's statistic of counts against expected ones. */
const chiSquare = (counts: readonly number[], expected: readonly number[]) =>
  counts.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);

function count(rule: Parameters<typeof assignProduct<{ id: number; weight: number }>>[0], ids = PRODUCTS) {
  const counts = rule.arms.map(() => 0);
  for (const id of ids) {
    const arm = assignProduct(rule, id);
    if (arm) counts[arm.id]!++;
  }
  return counts;
}

describe('assignProduct', () => {
  // 99.9 % points of chi-square with 1, 2 and 3 degrees of freedom.
  it.each([
    [[1, 1], 10.83],
    [[9, 1], 10.83],
    [[1, 2, 3], 13.82],
    [[0.25, 0.25, 0.25, 0.25], 16.27],
  ])('divides products as the weights %j say', (weights, limit) => {
    const total = weights.reduce((sum, weight) => sum + weight);
    const expected = weights.map((weight) => (PRODUCTS.length * weight) / total);
    for (const salt of ['a', 'b', 'c']) {
      const counts = count({ salt, rampPercent: 100, arms: arms(...weights) });
      expect(chiSquare(counts, expected)).toBeLessThan(limit);
    }
  });

  it('takes as many in as the ramp says, divided as without it', () => {
    for (const rampPercent of [1, 10, 50]) {
      const counts = count({ salt: 'ramp', rampPercent, arms: arms(1, 1) });
      const expected = (PRODUCTS.length * rampPercent) / 200;
      expect(chiSquare(counts, [expected, expected])).toBeLessThan(13.82);
    }
    expect(count({ salt: 'ramp', rampPercent: 0, arms: arms(1, 1) })).toEqual([0, 0]);
    expect(count({ salt: 'ramp', rampPercent: 100, arms: arms(1) })).toEqual([PRODUCTS.length]);
  });

  it('keeps a product and its arm when the ramp rises', () => {
    const ramp = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.string(), fc.nat(), ramp, ramp, (salt, id, one, other) => {
        const low = assignProduct({ salt, rampPercent: Math.min(one, other), arms: arms(3, 1, 2) }, id);
        const high = assignProduct({ salt, rampPercent: Math.max(one, other), arms: arms(3, 1, 2) }, id);
        if (low) expect(high?.id).toBe(low.id);
      }),
    );
  });

  it('gives every product an arm, and always the same', () => {
    const weight = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 6 }), fc.integer(), (weights, id) => {
        const rule = { salt: 'x', rampPercent: 100, arms: arms(...weights) };
        expect(assignProduct(rule, id)).not.toBeNull();
        expect(assignProduct(rule, id)).toBe(assignProduct(rule, id));
      }),
    );
  });

  it('makes groups that are independent of those of another salt', () => {
    const cells = [0, 0, 0, 0];
    for (const id of PRODUCTS) {
      const [one, other] = ['one', 'other'].map(
        (salt) => assignProduct({ salt, rampPercent: 100, arms: arms(1, 1) }, id)!.id,
      );
      cells[one! * 2 + other!]!++;
    }
    expect(chiSquare(cells, Array<number>(4).fill(PRODUCTS.length / 4))).toBeLessThan(16.27);
  });
});
