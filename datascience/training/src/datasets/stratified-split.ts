import { Random } from '../common/random.js';

/** Positions of the rows of each part, ascending. */
export interface Split {
  train: number[];
  test: number[];
}

/**
 * Splits rows at random so that both parts keep the classes' shares. Each part's total is its fraction of all rows,
 * rounded; within it the classes get their exact quota rounded down and the remaining rows go to the largest
 * remainders (Hamilton's method). Every class keeps at least one training row.
 *
 * @param classes the class of each row
 * @param trainSize fraction of the rows, above 0
 * @param testSize fraction of the rows; where both sum to 1, every row is in one part
 * @param seed the same seed and rows give the same split
 */
export function stratifiedSplit(
  classes: readonly number[],
  trainSize: number,
  testSize: number,
  seed: number,
): Split {
  const random = new Random(seed);
  const groups = groupByClass(classes).map((rows) => random.shuffle(rows));
  const sizes = groups.map((rows) => rows.length);
  const testCounts = allot(
    sizes,
    testSize,
    sizes.map((size) => size - 1),
    0,
  );
  const left = sizes.map((size, k) => size - (testCounts[k] as number));
  const everyRow = Math.abs(trainSize + testSize - 1) < 1e-9;
  const trainCounts = everyRow ? left : allot(sizes, trainSize, left, 1);

  const split: Split = { train: [], test: [] };
  groups.forEach((rows, k) => {
    const testCount = testCounts[k] as number;
    split.test.push(...rows.slice(0, testCount));
    split.train.push(...rows.slice(testCount, testCount + (trainCounts[k] as number)));
  });
  split.train.sort((a, b) => a - b);
  split.test.sort((a, b) => a - b);
  return split;
}

function groupByClass(classes: readonly number[]): number[][] {
  const groups = new Map<number, number[]>();
  classes.forEach((id, row) => {
    const rows = groups.get(id);
    if (rows) rows.push(row);
    else groups.set(id, [row]);
  });
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, rows]) => rows);
}

/** How many rows of each class make `fraction` of all, each between `atLeast` and its own `atMost`. */
function allot(sizes: number[], fraction: number, atMost: number[], atLeast: number): number[] {
  const total = Math.round(sizes.reduce((sum, size) => sum + size, 0) * fraction);
  const quotas = sizes.map((size) => size * fraction);
  const counts = quotas.map((quota, k) =>
    Math.max(atLeast, Math.min(Math.floor(quota), atMost[k] as number)),
  );
  const byRemainder = quotas
    .map((quota, k) => ({ k, remainder: quota - Math.floor(quota) }))
    .sort((a, b) => b.remainder - a.remainder || a.k - b.k);
  let missing = total - counts.reduce((sum, count) => sum + count, 0);
  for (const { k } of byRemainder) {
    if (missing <= 0) break;
    if ((counts[k] as number) < (atMost[k] as number)) {
      counts[k] = (counts[k] as number) + 1;
      missing--;
    }
  }
  return counts;
}
