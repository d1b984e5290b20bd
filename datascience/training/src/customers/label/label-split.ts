import type { Progress } from '../../cli/progress.js';
import { DatasetError } from '../../datasets/dataset-error.js';
import { stratifiedSplit } from '../../datasets/stratified-split.js';
import { hashLabelRows, readLabelRows, type LabelRows } from './label-rows.js';

const TEST_SHARE = 0.2;
/** Rows of each label without which there is nothing to learn or test. */
const MIN_ROWS = 50;

/** Rows and their roles. */
export interface SplitRows {
  rows: LabelRows;
  train: number[];
  test: number[];
  datasetHash: string;
  testHash: string;
}

/**
 * Reads a file of features and holds a seeded, stratified fifth of it out.
 *
 * @throws DatasetError where the file cannot be used, or a label is too rare
 */
export async function readSplit(
  { input, seed }: { input: string; seed: number },
  progress: Progress,
): Promise<SplitRows> {
  const rows = await readLabelRows(input);
  if (rows.incomplete > 0)
    progress.warn(`${rows.incomplete} rows lack a feature or the label and are left out`);
  const positives = rows.labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(positives, rows.labels.length - positives) < MIN_ROWS) {
    throw new DatasetError(
      `${input} has ${positives} labels of 1 and ${rows.labels.length - positives} of 0: ${MIN_ROWS} of each are needed`,
    );
  }
  const { train, test } = stratifiedSplit([...rows.labels], 1 - TEST_SHARE, TEST_SHARE, seed);
  return {
    rows,
    train,
    test,
    datasetHash: hashLabelRows(rows, rows.idx.keys()),
    testHash: hashLabelRows(rows, test),
  };
}
