import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Category } from '@vitrine/inference';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import type { Dataset } from '../datasets/dataset.js';
import type { Scored } from '../evaluation/metrics.js';
import type { HeldOutPredictions } from './trainer.js';

/** The artifact of a run that a fusion head is trained on. */
export const HELD_OUT_FILE = 'held_out_predictions.csv';

/** Seven digits are all that a float32 holds. */
const DIGITS = 7;

/** Writes held-out predictions: the row's index, then a probability for each category id. */
export async function writeHeldOut(
  path: string,
  heldOut: HeldOutPredictions,
  dataset: Dataset,
): Promise<void> {
  const classes = dataset.categories.length;
  const records = Array.from(heldOut.rows, (row, i) => [
    dataset.train[row]?.index,
    ...Array.from(heldOut.probabilities.subarray(i * classes, (i + 1) * classes), (p) =>
      p.toPrecision(DIGITS),
    ),
  ]);
  await writeFile(path, stringify([['index', ...dataset.categories.map(({ id }) => id)], ...records]));
}

/**
 * Reads what `writeHeldOut` wrote, matched to a data set's training rows by index.
 *
 * @throws Error where its categories or rows are not the data set's
 */
export async function readHeldOut(path: string, dataset: Dataset): Promise<HeldOutPredictions> {
  const position = new Map(dataset.train.map((row, i) => [row.index, i]));
  const rows: { row: number; probabilities: number[] }[] = [];
  let header: string[] | undefined;
  for await (const record of createReadStream(path).pipe(parse()) as AsyncIterable<string[]>) {
    if (!header) {
      header = record;
      checkCategories(path, header.slice(1), dataset.categories);
      continue;
    }
    const row = position.get(record[0] as string);
    if (row === undefined) throw new Error(`${path}: the data set has no training row ${record[0]}`);
    rows.push({ row, probabilities: record.slice(1).map(Number) });
  }
  rows.sort((a, b) => a.row - b.row);
  return {
    rows: Int32Array.from(rows, ({ row }) => row),
    probabilities: Float32Array.from(rows.flatMap(({ probabilities }) => probabilities)),
  };
}

function checkCategories(path: string, ids: string[], categories: readonly Category[]): void {
  if (ids.join() !== categories.map(({ id }) => id).join()) {
    throw new Error(`${path}: its categories are not the data set's`);
  }
}

/** Held-out predictions with their true classes, ready to be scored. */
export function scoredHeldOut(heldOut: HeldOutPredictions, dataset: Dataset): Scored {
  return {
    labels: Int32Array.from(heldOut.rows, (row) => dataset.train[row]?.label ?? -1),
    probabilities: heldOut.probabilities,
    classes: dataset.categories.length,
  };
}
