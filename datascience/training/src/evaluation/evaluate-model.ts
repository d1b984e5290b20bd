import { readFile } from 'node:fs/promises';
import { InputError, type Predictor, type ProductInput } from '@vitrine/inference';
import type { Progress } from '../cli/progress.js';
import type { DatasetRow } from '../datasets/dataset.js';
import type { Scored } from './metrics.js';

/** Rows asked together: enough to keep decoding and network busy, few enough to hold their photos in memory. */
const BATCH_ROWS = 32;

/** A model's answers for the rows that it can read. */
export interface Evaluation extends Scored {
  /** The rows answered, in the data set's order; `labels` and `probabilities` are aligned with it. */
  rows: DatasetRow[];
  labels: Int32Array;
  probabilities: Float64Array;
  /** Rows that the model cannot read (no text for a text model, a photo that cannot be decoded, …). */
  skipped: { row: DatasetRow; reason: string }[];
}

/**
 * Asks a model about rows of a data set, through the same predictor that serves.
 *
 * @throws Error where no row can be answered
 */
export async function evaluateModel(
  predictor: Predictor,
  rows: readonly DatasetRow[],
  options: { progress: Progress; signal?: AbortSignal },
): Promise<Evaluation> {
  const classes = predictor.manifest.categories.length;
  const answered: { row: DatasetRow; probabilities: Float64Array }[] = [];
  const skipped: Evaluation['skipped'] = [];
  const task = options.progress.task('evaluating', rows.length);
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    options.signal?.throwIfAborted();
    const batch = rows.slice(start, start + BATCH_ROWS);
    await Promise.all(
      batch.map(async (row) => {
        try {
          const [answer] = await predictor.predict([await readInput(row)]);
          if (answer) answered.push({ row, probabilities: answer.probabilities });
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          skipped.push({ row, reason: error.code });
        }
      }),
    );
    task.advance(batch.length);
  }
  task.finish();
  if (answered.length === 0) throw new Error('No row of the test split can be read by this model');
  return collect(rows, answered, skipped, classes);
}

/** A row as a predictor takes it, its photo read from disk. */
export async function readInput(row: DatasetRow): Promise<ProductInput> {
  return {
    designation: row.designation,
    description: row.description,
    image: row.imagePath === null ? null : await readFile(row.imagePath),
  };
}

/** Puts answers that arrived in any order back into the data set's. */
function collect(
  rows: readonly DatasetRow[],
  answered: { row: DatasetRow; probabilities: Float64Array }[],
  skipped: Evaluation['skipped'],
  classes: number,
): Evaluation {
  const position = new Map(rows.map((row, i) => [row, i]));
  const byPosition = (a: { row: DatasetRow }, b: { row: DatasetRow }) =>
    (position.get(a.row) as number) - (position.get(b.row) as number);
  answered.sort(byPosition);
  skipped.sort(byPosition);
  const probabilities = new Float64Array(answered.length * classes);
  answered.forEach((answer, i) => probabilities.set(answer.probabilities, i * classes));
  return {
    rows: answered.map(({ row }) => row),
    labels: Int32Array.from(answered, ({ row }) => row.label),
    probabilities,
    classes,
    skipped,
  };
}
