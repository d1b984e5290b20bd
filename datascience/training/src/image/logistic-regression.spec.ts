import { Random } from '../common/random.js';
import { minimise } from './lbfgs.js';
import { fitLogistic, headLogits } from './logistic-regression.js';
import { standardise, toUnitRows } from './standardisation.js';
import { loadTensorflow } from './tensorflow.js';

const tf = loadTensorflow();

describe('minimise', () => {
  it('finds the minimum of Rosenbrock’s valley', () => {
    const x = Float64Array.of(-1.2, 1);
    const value = minimise(
      ([a, b], gradient) => {
        const [u, v] = [a as number, b as number];
        gradient[0] = -2 * (1 - u) - 400 * u * (v - u * u);
        gradient[1] = 200 * (v - u * u);
        return (1 - u) ** 2 + 100 * (v - u * u) ** 2;
      },
      x,
      { maxIterations: 200 },
    );
    expect(value).toBeLessThan(1e-6);
    expect(x[0]).toBeCloseTo(1, 2);
  });
});

describe('fitLogistic', () => {
  const random = new Random(2);
  const labels = Array.from({ length: 300 }, (_, i) => i % 3);
  const data = Float32Array.from(
    labels.flatMap((label) => [0, 1, 2].map((k) => (k === label ? 12 : 9) + random.normal())),
  );
  const rows = Int32Array.from(labels, (_, i) => i);

  it('separates classes', () => {
    const features = { data: data.slice(), columns: 3 };
    standardise(features);
    const head = fitLogistic(tf, { features, labels, rows, classes: 3 }, { l2: 0.01, maxIterations: 100 });
    const logits = headLogits(tf, head, features, rows);
    const hits = labels.filter((label, i) => {
      const own = [...logits.subarray(i * 3, i * 3 + 3)];
      return own.indexOf(Math.max(...own)) === label;
    });
    expect(hits.length / labels.length).toBeGreaterThan(0.9);
  });

  it('shrinks to the class frequencies under a strong penalty', () => {
    const features = { data: data.slice(), columns: 3 };
    standardise(features);
    const own = labels.map((label) => (label === 0 ? 0 : 1));
    const head = fitLogistic(
      tf,
      { features, labels: own, rows, classes: 2 },
      { l2: 1e4, maxIterations: 100 },
    );
    expect(head.bias[1]! - head.bias[0]!).toBeCloseTo(Math.log(2), 2);
  });
});

describe('toUnitRows', () => {
  it('gives every row the length 1 and leaves a row of zeros', () => {
    const features = { data: Float32Array.of(3, 4, 0, 0), columns: 2 };
    toUnitRows(features);
    [0.6, 0.8, 0, 0].forEach((value, i) => expect(features.data[i]).toBeCloseTo(value, 6));
  });
});
