import { cleanProductText } from '@vitrine/inference';
import type { DatasetRow } from '../datasets/dataset.js';
import type { Pace } from './pace.js';

/** The training rows that hold text, cleaned. */
export interface TrainingTexts {
  texts: string[];
  /** Position of each text in the data set's training rows, ascending. */
  positions: Int32Array;
  labels: Int32Array;
  /** Index columns of the rows left out for want of text. */
  withoutText: string[];
}

/** Cleans the training rows' texts with the code that serves. */
export async function collectTrainingTexts(rows: readonly DatasetRow[], pace: Pace): Promise<TrainingTexts> {
  const texts: string[] = [];
  const positions: number[] = [];
  const withoutText: string[] = [];
  for (const [position, row] of rows.entries()) {
    const text = cleanProductText(row.designation, row.description);
    if (text === '') {
      withoutText.push(row.index);
    } else {
      texts.push(text);
      positions.push(position);
    }
    await pace.step();
  }
  return {
    texts,
    positions: Int32Array.from(positions),
    labels: Int32Array.from(positions, (position) => rows[position]?.label ?? 0),
    withoutText,
  };
}
