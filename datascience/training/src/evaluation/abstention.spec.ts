import { argmax } from '@vitrine/inference';
import fc from 'fast-check';
import { Random } from '../common/random.js';
import { answersAbove, chooseAbstention, coverageCurve } from './abstention.js';
import type { Scored } from './metrics.js';

/** Rows whose confidence is the share of times that they are right, as a calibrated model's. */
function calibrated(rows: number, seed: number): Scored {
  const random = new Random(seed);
  const labels = new Int32Array(rows);
  const probabilities = new Float64Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    const confidence = 0.5 + random.next() / 2;
    probabilities.set([confidence, 1 - confidence], row * 2);
    labels[row] = random.next() < confidence ? 0 : 1;
  }
  return { labels, probabilities, classes: 2 };
}

/** Any rows of three classes; confidences tie often. */
const anyScored: fc.Arbitrary<Scored> = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 4, max: 9 })),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((rows) => ({
    labels: rows.map(([label]) => label),
    probabilities: Float64Array.from(
      rows.flatMap(([, best, tenths]) =>
        [0, 1, 2].map((k) => (k === best ? tenths / 10 : (1 - tenths / 10) / 2)),
      ),
    ),
    classes: 3,
  }));

/** Rows answered at a threshold, counted as serving does. */
function count({ labels, probabilities, classes }: Scored, threshold: number) {
  let answered = 0;
  let right = 0;
  for (let row = 0; row < labels.length; row++) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    if (Math.max(...own) < threshold) continue;
    answered++;
    if (argmax(own) === labels[row]) right++;
  }
  return { answered, right };
}

describe('coverageCurve', () => {
  it('says of every threshold what serving would do there', () => {
    fc.assert(
      fc.property(anyScored, (scored) => {
        for (const { threshold, coverage, answered, accuracy } of coverageCurve(scored)) {
          const counted = count(scored, threshold);
          expect(answered).toBe(counted.answered);
          expect(coverage).toBeCloseTo(counted.answered / scored.labels.length, 12);
          expect(accuracy).toBeCloseTo(counted.right / counted.answered, 12);
        }
      }),
    );
  });

  it('falls in threshold, grows in coverage and ends with everything answered', () => {
    fc.assert(
      fc.property(anyScored, (scored) => {
        const curve = coverageCurve(scored);
        for (const [i, point] of curve.slice(1).entries()) {
          expect(point.threshold).toBeLessThan(curve[i]!.threshold);
          expect(point.coverage).toBeGreaterThan(curve[i]!.coverage);
        }
        expect(curve.at(-1)?.coverage).toBe(1);
      }),
    );
  });
});

describe('chooseAbstention', () => {
  it('tells truly what its threshold does, and never abstains more for less precision', () => {
    fc.assert(
      fc.property(anyScored, fc.double({ min: 0.3, max: 0.7, noNaN: true }), (scored, precision) => {
        const { threshold, abstention } = chooseAbstention(scored, precision);
        const { answered, right } = count(scored, threshold);
        expect(abstention.coverage).toBeCloseTo(answered / scored.labels.length, 12);
        expect(abstention.precision).toBeCloseTo(right / answered, 12);
        if (!abstention.isReached) return;
        expect(abstention.precision).toBeGreaterThan(precision);
        const easier = chooseAbstention(scored, precision / 2).abstention;
        expect(easier.isReached).toBe(true);
        expect(easier.coverage).toBeGreaterThanOrEqual(abstention.coverage);
      }),
    );
  });

  it('keeps its word on new rows, in nineteen of twenty cases', () => {
    // Confidences are spread evenly from ½ to 1, and as often right as they say: above t, (1 + t) / 2 are right.
    const kept = Array.from({ length: 100 }, (_, seed) => {
      const { threshold } = chooseAbstention(calibrated(600, seed), 0.9);
      return (1 + Math.max(threshold, 0.5)) / 2 >= 0.9;
    });
    expect(kept.filter(Boolean).length).toBeGreaterThanOrEqual(95);
  });

  it('answers everything where that is precise enough', () => {
    const { threshold, abstention } = chooseAbstention(calibrated(600, 1), 0.6);
    expect(threshold).toBe(0);
    expect(abstention).toMatchObject({ isReached: true, coverage: 1, statedPrecision: 0.6, rows: 600 });
  });

  it('takes what comes nearest where rows are too few, or the model too bad, to show it', () => {
    const right = {
      labels: [0, 0, 0],
      probabilities: Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.7, 0.3),
      classes: 2,
    };
    expect(chooseAbstention(right, 0.95)).toMatchObject({ threshold: 0, abstention: { isReached: false } });
    const poor = chooseAbstention(calibrated(600, 3), 0.9999);
    expect(poor.abstention.isReached).toBe(false);
    expect(poor.abstention.precision).toBeGreaterThan(0.95);
    expect(chooseAbstention({ ...right, labels: [], probabilities: new Float64Array(0) }, 0.9)).toEqual({
      threshold: 0,
      abstention: { statedPrecision: 0.9, isReached: false, precision: 0, coverage: 0, rows: 0 },
    });
  });
});

describe('answersAbove', () => {
  const scored = { labels: [0, 1], probabilities: Float64Array.of(0.9, 0.1, 0.6, 0.4), classes: 2 };

  it.each([
    [0, { coverage: 1, accuracy: 0.5 }],
    [0.6, { coverage: 1, accuracy: 0.5 }],
    [0.61, { coverage: 0.5, accuracy: 1 }],
    [0.95, { coverage: 0, accuracy: 1 }],
  ])('at %d', (threshold, expected) => {
    expect(answersAbove(scored, threshold)).toMatchObject(expected);
  });
});
