import fc from 'fast-check';
import { areaUnderCurve, midRanks, scoreBalanced } from './balanced-scores.js';
import { testAgainstChance } from './permutation-test.js';

/** Of all pairs of a 1 and a 0: the share in which the 1 has the higher value, ties counting half. */
function naiveAuc(labels: readonly number[], values: readonly number[]): number {
  let wins = 0;
  let pairs = 0;
  labels.forEach((a, i) =>
    labels.forEach((b, j) => {
      if (a !== 1 || b !== 0) return;
      pairs++;
      wins += values[i]! > values[j]! ? 1 : values[i] === values[j] ? 0.5 : 0;
    }),
  );
  return wins / pairs;
}

const scored = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), value: fc.integer({ min: 0, max: 6 }) }), {
    maxLength: 30,
  })
  .map((rows) => [{ label: 0, value: 3 }, { label: 1, value: 3 }, ...rows])
  .map((rows) => ({ labels: rows.map(({ label }) => label), values: rows.map(({ value }) => value / 6) }));

describe('areaUnderCurve', () => {
  it('is what counting pairs gives, also with ties', () => {
    fc.assert(
      fc.property(scored, ({ labels, values }) => {
        expect(areaUnderCurve(labels, midRanks(values))).toBeCloseTo(naiveAuc(labels, values), 12);
      }),
    );
  });
});

describe('scoreBalanced', () => {
  it('does not change when one label becomes more frequent', () => {
    const few = { labels: [0, 0, 1, 1], probabilities: [0.1, 0.6, 0.4, 0.9] };
    const many = {
      labels: [...few.labels, ...Array<number>(10).fill(0), ...Array<number>(10).fill(0)],
      probabilities: [...few.probabilities, ...Array<number>(10).fill(0.1), ...Array<number>(10).fill(0.6)],
    };
    const [a, b] = [scoreBalanced(few), scoreBalanced(many)];
    expect(a.balancedAccuracy).toBe(0.5);
    for (const key of ['balancedAccuracy', 'auc', 'logLoss', 'ece'] as const)
      expect(b[key]).toBeCloseTo(a[key], 12);
  });

  it('gives guessing its scores', () => {
    const { balancedAccuracy, auc, logLoss, ece } = scoreBalanced({
      labels: [0, 1, 0],
      probabilities: [0.5, 0.5, 0.5],
    });
    expect([balancedAccuracy, auc, ece]).toEqual([0.5, 0.5, 0]);
    expect(logLoss).toBeCloseTo(Math.LN2, 12);
  });

  it('refuses labels that are all the same', () => {
    expect(() => scoreBalanced({ labels: [1, 1], probabilities: [0.5, 0.5] })).toThrow(RangeError);
  });
});

describe('testAgainstChance', () => {
  it('finds the exact probability of a small case', () => {
    // 2 of 5 rows have the label 1 and the highest values: 1 of 10 ways to deal the labels scores as well.
    const { pValue, auc } = testAgainstChance(
      { labels: [0, 0, 0, 1, 1], probabilities: [0.1, 0.2, 0.3, 0.4, 0.5] },
      50_000,
      1,
    );
    expect(auc).toBe(1);
    expect(pValue).toBeCloseTo(0.1, 2);
  });

  it('calls a tenth of independent labels significant at the level of a tenth', () => {
    let significant = 0;
    for (let seed = 0; seed < 300; seed++) {
      let state = seed * 7919 + 1;
      const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
      const labels = Array.from({ length: 60 }, (_, i) => (i < 10 ? 1 : 0));
      const probabilities = labels.map(() => Math.round(next() * 20) / 20);
      if (testAgainstChance({ labels, probabilities }, 200, seed).pValue <= 0.1) significant++;
    }
    expect(significant).toBeGreaterThan(12);
    expect(significant).toBeLessThan(52);
  });

  it('never says that something is impossible', () => {
    const labels = Array.from({ length: 100 }, (_, i) => i % 2);
    expect(testAgainstChance({ labels, probabilities: labels }, 200, 1).pValue).toBe(1 / 201);
  });
});
