import fc from 'fast-check';
import { fitTemperature } from './calibration.js';
import {
  classScores,
  confusionMatrix,
  expectedCalibrationError,
  logLoss,
  majorityBaseline,
  score,
} from './metrics.js';

/** Seven rows of three classes, with figures worked out by hand from the definitions that scikit-learn documents. */
const labels = [0, 0, 1, 1, 2, 2, 2];
const probabilities = Float64Array.from(
  [
    [0.7, 0.2, 0.1],
    [0.3, 0.5, 0.2],
    [0.1, 0.8, 0.1],
    [0.2, 0.6, 0.2],
    [0.1, 0.2, 0.7],
    [0.5, 0.3, 0.2],
    [0.25, 0.25, 0.5],
  ].flat(),
);
const scored = { labels, probabilities, classes: 3 };

describe('score', () => {
  it('follows the definitions', () => {
    const scores = score(scored);
    expect(scores.accuracy).toBeCloseTo(5 / 7, 12);
    // f1: class 0 = 1/2, class 1 = 4/5, class 2 = 4/5
    expect(scores.weighted_f1).toBeCloseTo((2 * 0.5 + 2 * 0.8 + 3 * 0.8) / 7, 12);
    expect(scores.macro_f1).toBeCloseTo((0.5 + 0.8 + 0.8) / 3, 12);
    expect(scores.log_loss).toBeCloseTo(
      -(
        Math.log(0.7) +
        Math.log(0.3) +
        Math.log(0.8) +
        Math.log(0.6) +
        Math.log(0.7) +
        Math.log(0.2) +
        Math.log(0.5)
      ) / 7,
      12,
    );
  });

  it('leaves a class that occurs nowhere out of the macro average', () => {
    const padded = Float64Array.from(
      labels.flatMap((_, i) => [...probabilities.subarray(i * 3, i * 3 + 3), 0]),
    );
    expect(score({ labels, probabilities: padded, classes: 4 }).macro_f1).toBeCloseTo(0.7, 12);
  });

  it('refuses no rows', () => {
    expect(() => score({ labels: [], probabilities: new Float64Array(0), classes: 3 })).toThrow(RangeError);
  });

  it('stays finite for a certain error', () => {
    expect(logLoss({ labels: [1], probabilities: Float64Array.of(1, 0), classes: 2 })).toBeCloseTo(
      -Math.log(1e-15),
      6,
    );
  });
});

describe('confusionMatrix', () => {
  it('has the true class in its rows and the predicted one in its columns', () => {
    expect([...confusionMatrix([0, 0, 1], [0, 1, 1], 2)]).toEqual([1, 1, 0, 1]);
    expect(classScores(confusionMatrix([0, 0, 1], [0, 1, 1], 2), 2)).toEqual([
      { precision: 1, recall: 0.5, f1: 2 / 3, support: 2 },
      { precision: 0.5, recall: 1, f1: 2 / 3, support: 1 },
    ]);
  });
});

describe('expectedCalibrationError', () => {
  it('is the gap between confidence and accuracy', () => {
    const rows = 100;
    const sure = Float64Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? 0.9 : 0.1));
    const half = Int32Array.from({ length: rows }, (_, i) => i % 2);
    expect(expectedCalibrationError({ labels: half, probabilities: sure, classes: 2 })).toBeCloseTo(0.4, 12);
  });
});

describe('majorityBaseline', () => {
  it('answers with the commonest class of the training rows', () => {
    expect(majorityBaseline([2, 2, 1], [2, 1, 1, 1], 3)).toBe(0.25);
  });
});

describe('fitTemperature', () => {
  it('finds the factor that logits were sharpened by', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 5, noNaN: true }), (factor) => {
        // Labels drawn exactly in proportion to softmax([1, 0]): 731 of 1,000 are class 0.
        const rows = 1000;
        const logits = Float64Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? factor : 0));
        const drawn = Int32Array.from({ length: rows }, (_, i) => (i < 731 ? 0 : 1));
        expect(fitTemperature(logits, drawn, 2)).toBeCloseTo(factor, 1);
      }),
      { numRuns: 25 },
    );
  });

  it('is 1 without rows', () => expect(fitTemperature(new Float64Array(0), [], 3)).toBe(1));
});
