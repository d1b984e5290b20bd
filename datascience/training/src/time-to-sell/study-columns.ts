import { DecisionForests } from '@vitrine/inference';
import { Random } from '../common/random.js';
import { logLoss } from '../evaluation/metrics.js';
import type { LearningTask } from './fit-evidence.js';
import type { ListingModel } from './fit-listing-model.js';
import type { ListingCorpus } from './listing-corpus.js';
import { measureDependences, type DependencePoint } from './partial-dependence.js';

/** Held-out rows that are shuffled: each column asks every forest about each. */
const MAX_ROWS = 400;

/** What columns and fields do to predictions of held-out rows. */
export interface ColumnStudy {
  /** How much the log loss rises when a column's values are shuffled among the rows; largest first. */
  importances: { column: string; increase: number }[];
  dependences: DependencePoint[];
}

/** Permutation importance of the columns (Breiman 2001) and partial dependence on the fields, on held-out rows. */
export function studyColumns(
  corpus: ListingCorpus,
  model: ListingModel,
  testRows: Int32Array,
  { labels, classes, seed }: LearningTask,
): ColumnStudy {
  const random = new Random(seed);
  const rows = random.shuffle(testRows.slice()).slice(0, MAX_ROWS);
  return {
    importances: measureImportances(model, rows, { labels, classes, random }),
    dependences: measureDependences(
      model,
      Array.from(rows, (row) => corpus.rows[row] ?? {}),
    ),
  };
}

function measureImportances(
  model: ListingModel,
  rows: Int32Array,
  { labels, classes, random }: { labels: Uint8Array; classes: number; random: Random },
): ColumnStudy['importances'] {
  const width = model.names.length;
  const forests = new DecisionForests(model.members, 1);
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => values.set(model.columns.subarray(row * width, (row + 1) * width), i * width));
  const truth = Uint8Array.from(rows, (row) => labels[row] as number);
  const score = () => {
    const probabilities = new Float64Array(rows.length * classes);
    for (let i = 0; i < rows.length; i++)
      probabilities.set(forests.probabilitiesAt(values, i * width), i * classes);
    return logLoss({ labels: truth, probabilities, classes });
  };
  const whole = score();
  const importances = model.names.map((column, c) => {
    const own = Float32Array.from(rows, (_, i) => values[i * width + c] as number);
    const write = (from: Float32Array) => from.forEach((value, i) => (values[i * width + c] = value));
    write(random.shuffle(own.slice()));
    const increase = score() - whole;
    write(own);
    return { column, increase };
  });
  return importances.sort((a, b) => b.increase - a.increase);
}
