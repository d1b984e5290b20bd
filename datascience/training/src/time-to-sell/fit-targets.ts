import {
  encodingKey,
  targetNames,
  writeTargetShares,
  type TabularRow,
  type TargetTables,
} from '@vitrine/inference';
import { stratifiedFolds } from '../evaluation/folds.js';
import { sharesOf, type LearningTask } from './fit-evidence.js';

/** Rows of the prior that are added to each key's own. */
export const TARGET_SMOOTHING = 20;

/** What a fit is made of. */
export interface TargetFit {
  /** Row-major [all rows × columns]: training rows by counts without their own fold. */
  columns: Float32Array;
  width: number;
  tables: TargetTables;
  prior: number[];
}

/** Encodes keys by the classes of the training rows that share them. */
export function fitTargets(rows: readonly TabularRow[], keys: string[][], task: LearningTask): TargetFit {
  const { trainRows, labels, classes, innerFolds, seed } = task;
  const prior = sharesOf(trainRows, labels, classes);
  const width = targetNames({ keys, prior }).length;
  const columns = new Float32Array(rows.length * width);
  const spelled = rows.map((row) => keys.map((fields) => encodingKey(row, fields)));
  const write = (row: number, tables: TargetTables, shares: number[]) => {
    for (let key = 0; key < keys.length; key++) {
      const counts = tables[key]?.get(spelled[row]?.[key] as string) ?? [];
      const settings = { prior: shares, smoothing: TARGET_SMOOTHING };
      writeTargetShares(settings, counts, columns, row * width + key * classes);
    }
  };
  const whole = countKeys(spelled, keys.length, trainRows, task);
  for (let row = 0; row < rows.length; row++) write(row, whole, prior);
  const folds = stratifiedFolds(
    Array.from(trainRows, (row) => labels[row] as number),
    innerFolds,
    seed + 1,
  );
  for (let fold = 0; fold < innerFolds; fold++) {
    const others = trainRows.filter((_, i) => folds[i] !== fold);
    const tables = countKeys(spelled, keys.length, others, task);
    const shares = sharesOf(others, labels, classes);
    trainRows.forEach((row, i) => {
      if (folds[i] === fold) write(row, tables, shares);
    });
  }
  return { columns, width, tables: whole, prior };
}

function countKeys(
  spelled: readonly string[][],
  keys: number,
  rows: Int32Array,
  { labels, classes }: LearningTask,
): TargetTables {
  return Array.from({ length: keys }, (_, key) => {
    const table = new Map<string, number[]>();
    for (const row of rows) {
      const value = spelled[row]?.[key] as string;
      const counts = table.get(value) ?? new Array<number>(classes).fill(0);
      counts[labels[row] as number] = (counts[labels[row] as number] as number) + 1;
      table.set(value, counts);
    }
    return table;
  });
}
