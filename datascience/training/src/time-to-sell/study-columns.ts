import { DecisionForests } from '@vitrine/inference';
import { Random } from '../common/random.js';
import { logLoss } from '../evaluation/metrics.js';
import type { LearningTask } from './fit-evidence.js';
import type { ListingModel } from './fit-listing-model.js';

/** Columns whose partial dependence is drawn, and the field that each stands for. */
export const DEPENDENCE_COLUMNS: Readonly<Record<string, string>> = {
  prix: 'price',
  annee: 'year',
  photoArea: 'photo area (pixels)',
  nb_images: 'photos',
  'description_produit.characters': 'characters of the description',
};
/** Values of a column at which partial dependence is measured: its own quantiles. */
const GRID_POINTS = 15;
/** Held-out rows that are looked at; partial dependence asks each for every value. */
const MAX_ROWS = 400;

/** What columns do to predictions of held-out rows. */
export interface ColumnStudy {
  /** How much the log loss rises when a column's values are shuffled among the rows; largest first. */
  importances: { column: string; increase: number }[];
  /** Mean probabilities when every row has a value; by column. */
  dependences: { column: string; value: number; probabilities: number[] }[];
}

/** Permutation importance (Breiman 2001) and partial dependence (Friedman 2001), on held-out rows. */
export function measureColumns(
  model: ListingModel,
  testRows: Int32Array,
  { labels, classes, seed }: LearningTask,
): ColumnStudy {
  const random = new Random(seed);
  const rows = random.shuffle(testRows.slice()).slice(0, MAX_ROWS);
  const width = model.names.length;
  const forests = new DecisionForests(model.members, 1);
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => values.set(model.columns.subarray(row * width, (row + 1) * width), i * width));
  const truth = Uint8Array.from(rows, (row) => labels[row] as number);
  const answer = () => {
    const probabilities = new Float64Array(rows.length * classes);
    for (let i = 0; i < rows.length; i++)
      probabilities.set(forests.probabilitiesAt(values, i * width), i * classes);
    return probabilities;
  };
  const withColumn = <T>(column: number, value: (i: number) => number, read: () => T): T => {
    const own = Float32Array.from(rows, (_, i) => values[i * width + column] as number);
    for (let i = 0; i < rows.length; i++) values[i * width + column] = value(i);
    const result = read();
    for (let i = 0; i < rows.length; i++) values[i * width + column] = own[i] as number;
    return result;
  };
  const score = () => logLoss({ labels: truth, probabilities: answer(), classes });
  const whole = score();
  const importances = model.names.map((column, c) => {
    const shuffled = random.shuffle(Float32Array.from(rows, (_, i) => values[i * width + c] as number));
    return { column, increase: withColumn(c, (i) => shuffled[i] as number, score) - whole };
  });
  const dependences = Object.keys(DEPENDENCE_COLUMNS).flatMap((column) => {
    const c = model.names.indexOf(column);
    const own = Float32Array.from(rows, (_, i) => values[i * width + c] as number);
    return quantiles(own).map((value) => ({
      column,
      value,
      probabilities: withColumn(
        c,
        () => value,
        () => meanOf(answer(), classes),
      ),
    }));
  });
  return { importances: importances.sort((a, b) => b.increase - a.increase), dependences };
}

function quantiles(values: Float32Array): number[] {
  const sorted = values.filter(Number.isFinite).sort();
  const points = Array.from(
    { length: Math.min(GRID_POINTS, sorted.length) },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (GRID_POINTS - 1))] as number,
  );
  return [...new Set(points)].filter(Number.isFinite);
}

function meanOf(probabilities: Float64Array, classes: number): number[] {
  const sums = new Array<number>(classes).fill(0);
  probabilities.forEach((p, i) => (sums[i % classes] = (sums[i % classes] as number) + p));
  return sums.map((sum) => (sum * classes) / probabilities.length);
}
