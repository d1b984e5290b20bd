import { DecisionForests, type Trees } from '@vitrine/inference';
import { Random } from '../common/random.js';
import { growAveragedForest } from './averaged-forest.js';
import { binColumns, type ColumnMatrix } from './binned-columns.js';
import { growBoostedForest } from './boosted-forest.js';

const ROWS = 400;

/** The class is whether exactly one of two columns is large; a third says nothing; some values are missing. */
function exclusiveOr(seed: number): { matrix: ColumnMatrix; labels: Uint8Array } {
  const random = new Random(seed);
  const values = new Float32Array(ROWS * 3);
  const labels = new Uint8Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const [a, b] = [random.next(), random.next()];
    values.set([a, b, random.next() < 0.1 ? NaN : random.next()], row * 3);
    labels[row] = a > 0.5 === b > 0.5 ? 0 : 1;
  }
  return { matrix: { values, rows: ROWS, columns: 3 }, labels };
}

function growAveraged(cuts: 'random' | 'best', seed = 1): Trees {
  const { matrix, labels } = exclusiveOr(1);
  const options = {
    trees: 40,
    minLeafRows: 3,
    maxDepth: 20,
    columnShare: 0.7,
    cuts,
    random: new Random(seed),
  };
  return growAveragedForest(binColumns(matrix), labels, 2, options);
}

function growBoosted() {
  const { matrix, labels } = exclusiveOr(1);
  return growBoostedForest(binColumns(matrix), labels, 2, {
    rounds: 60,
    rate: 0.2,
    maxDepth: 3,
    minLeafWeight: 1,
    ridge: 1,
    rowShare: 0.8,
    columnShare: 1,
    random: new Random(1),
  });
}

function accuracy(forests: DecisionForests): number {
  const { matrix, labels } = exclusiveOr(2);
  let hits = 0;
  for (let row = 0; row < ROWS; row++) {
    const [p = 0] = forests.probabilitiesAt(matrix.values, row * 3);
    hits += (p > 0.5 ? 0 : 1) === labels[row] ? 1 : 0;
  }
  return hits / ROWS;
}

describe('forests', () => {
  it.each(['random', 'best'] as const)('learn what no column tells alone, with %s cuts', (cuts) => {
    const trees = growAveraged(cuts);
    expect(
      accuracy(new DecisionForests([{ name: 'a', kind: 'averaged', bias: [0, 0], weight: 1, trees }], 1)),
    ).toBeGreaterThan(0.9);
  });

  it('learn it by boosting', () => {
    const { trees, bias } = growBoosted();
    expect(
      accuracy(new DecisionForests([{ name: 'b', kind: 'boosted', bias, weight: 1, trees }], 1)),
    ).toBeGreaterThan(0.9);
  });

  it('are the same for the same seed and others for another', () => {
    expect(growAveraged('best')).toEqual(growAveraged('best'));
    expect(growBoosted()).toEqual(growBoosted());
    expect(growAveraged('best', 2)).not.toEqual(growAveraged('best'));
  });

  it('keep leaves of at least as many rows as asked for', () => {
    const { matrix, labels } = exclusiveOr(1);
    const options = { minLeafRows: 150, maxDepth: 20, columnShare: 1, cuts: 'random' as const };
    const { columns } = growAveragedForest(binColumns(matrix), labels, 2, {
      ...options,
      trees: 1,
      random: new Random(1),
    });
    expect(columns.filter((column) => column < 0).length).toBeLessThanOrEqual(2);
  });

  it('make one leaf of one class, or of columns that hold nothing', () => {
    const matrix = { values: new Float32Array(20).fill(NaN), rows: 10, columns: 2 };
    const options = { trees: 2, minLeafRows: 1, maxDepth: 5, columnShare: 1, cuts: 'best' as const };
    const labels = Uint8Array.from({ length: 10 }, (_, i) => i % 2);
    const { columns } = growAveragedForest(binColumns(matrix), labels, 2, {
      ...options,
      random: new Random(1),
    });
    expect([...columns]).toEqual([-1, -1]);
  });
});

describe('bins', () => {
  it('keep few values apart, and part missing from every value', () => {
    const values = Float32Array.of(1, NaN, 3, 1, 10);
    const { bins, edges } = binColumns({ values, rows: 5, columns: 1 });
    expect([...bins]).toEqual([1, 0, 2, 1, 3]);
    expect([...(edges[0] ?? [])]).toEqual([-Infinity, 2, 6.5]);
  });

  it('cut many values at their quantiles', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => i * i);
    const { bins } = binColumns({ values, rows: values.length, columns: 1 });
    const counts = new Map<number, number>();
    for (const bin of bins) counts.set(bin, (counts.get(bin) ?? 0) + 1);
    expect(counts.size).toBeGreaterThan(100);
    expect(Math.max(...counts.values())).toBeLessThan(200);
  });
});
