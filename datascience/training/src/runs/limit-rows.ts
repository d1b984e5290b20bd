import { createHash } from 'node:crypto';
import { Random } from '../common/random.js';
import type { Dataset } from '../datasets/dataset.js';

/**
 * Keeps at most `limit` training rows, each category in proportion, for a quick try; the test split stays whole.
 * The hash changes with the rows, for a model of a part is not a model of the whole.
 */
export function limitTrainingRows(dataset: Dataset, limit: number | undefined, seed: number): Dataset {
  if (limit === undefined || limit >= dataset.train.length) return dataset;
  const kept = new Set(stratifiedSample(dataset, limit, seed));
  return {
    ...dataset,
    train: dataset.train.filter((_, row) => kept.has(row)),
    hash: createHash('sha256').update(`${dataset.hash} ${limit} ${seed}`).digest('hex'),
  };
}

/** The i-th of a category's n shuffled rows is placed at (i + ½) / n: the first `limit` places are a fair sample. */
function stratifiedSample(dataset: Dataset, limit: number, seed: number): number[] {
  const random = new Random(seed);
  const byLabel = new Map<number, number[]>();
  for (const [row, { label }] of dataset.train.entries()) {
    const rows = byLabel.get(label);
    if (rows) rows.push(row);
    else byLabel.set(label, [row]);
  }
  return [...byLabel.values()]
    .flatMap((rows) => random.shuffle(rows).map((row, i) => ({ row, place: (i + 0.5) / rows.length })))
    .sort((a, b) => a.place - b.place)
    .slice(0, limit)
    .map(({ row }) => row);
}
