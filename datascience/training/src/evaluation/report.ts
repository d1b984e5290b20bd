import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Calibration, Category, ModelMetrics } from '@vitrine/inference';
import { stringify } from 'csv-stringify/sync';
import { coverageCurve, type CoveragePoint } from './abstention.js';
import { renderErrorsPage } from './errors-page.js';
import type { Evaluation } from './evaluate-model.js';
import {
  classScores,
  confusionMatrix,
  predictedClasses,
  reliabilityBins,
  type ClassScores,
} from './metrics.js';
import { confusionMatrixPlot, coveragePlot, historyPlot, reliabilityPlot, type HistoryRow } from './plots.js';
import { renderPlot } from './render-plot.js';

/** What a report is written from. */
export interface ReportInput {
  evaluation: Evaluation;
  categories: readonly Category[];
  metrics: ModelMetrics;
  calibration: Calibration;
  /** For the plots' titles, e.g. `text model`. */
  title: string;
  /** Absent where a model is only evaluated. */
  history?: readonly HistoryRow[];
}

/**
 * Writes the report of one evaluation into a folder: `metrics.json`, `classification_report.txt`,
 * `confusion_matrix.png` and `.csv`, `reliability.png`, `coverage.png` and `.csv`, `predictions.csv`, `errors.html` and,
 * where there is a history, `history.csv` and `history.png`.
 *
 * @returns the names of the files written
 */
export async function writeReport(dir: string, input: ReportInput): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const { evaluation, categories, title } = input;
  const predicted = predictedClasses(evaluation);
  const matrix = confusionMatrix(evaluation.labels, predicted, categories.length);
  const coverage = coverageCurve(evaluation);
  const files: Record<string, string | Buffer> = {
    'metrics.json': `${JSON.stringify(input.metrics, null, 2)}\n`,
    'classification_report.txt': formatClassificationReport(
      classScores(matrix, categories.length),
      categories,
      input.metrics,
    ),
    'coverage.csv': formatCoverage(coverage),
    'coverage.png': await renderPlot(
      coveragePlot(coverage, input.calibration, `Coverage and accuracy, ${title}`),
    ),
    'errors.html': await renderErrorsPage(input),
    'confusion_matrix.csv': formatConfusionMatrix(matrix, categories),
    'confusion_matrix.png': await renderPlot(
      confusionMatrixPlot(matrix, categories, `Confusion matrix, ${title}`),
    ),
    'reliability.png': await renderPlot(
      reliabilityPlot(reliabilityBins(evaluation), `Reliability, ${title}`),
    ),
    'predictions.csv': formatPredictions(evaluation, predicted, categories),
  };
  if (input.history && input.history.length > 0) {
    files['history.csv'] = formatHistory(input.history);
    files['history.png'] = await renderPlot(historyPlot(input.history, `Training, ${title}`));
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  return Object.keys(files);
}

/** Precision, recall, F1 and support a category, in the layout that scikit-learn made familiar. */
function formatClassificationReport(
  scores: readonly ClassScores[],
  categories: readonly Category[],
  metrics: ModelMetrics,
): string {
  const names = categories.map((category) => `${category.id} ${category.label}`);
  const width = Math.max(20, ...names.map((name) => name.length));
  const line = (name: string, cells: string[]) =>
    `${name.padStart(width)}${cells.map((c) => c.padStart(11)).join('')}`;
  const number = (value: number) => value.toFixed(4);
  return [
    line('', ['precision', 'recall', 'f1-score', 'support']),
    '',
    ...scores.map((s, k) =>
      line(names[k] as string, [number(s.precision), number(s.recall), number(s.f1), String(s.support)]),
    ),
    '',
    line('accuracy', ['', '', number(metrics.accuracy), String(metrics.n_test)]),
    line('macro F1', ['', '', number(metrics.macro_f1), String(metrics.n_test)]),
    line('weighted F1', ['', '', number(metrics.weighted_f1), String(metrics.n_test)]),
    line('majority baseline', ['', '', number(metrics.baseline_accuracy), String(metrics.n_test)]),
    line('log loss', ['', '', number(metrics.log_loss), '']),
    line('calibration error', ['', '', number(metrics.ece), '']),
    '',
    ...describeAbstention(metrics),
    '',
  ].join('\n');
}

/** What the abstention threshold was chosen for, and what it does on the test products. */
function describeAbstention({
  stated_precision,
  abstention_threshold = 0,
  coverage = 1,
  answered_accuracy,
  accuracy,
}: ModelMetrics): string[] {
  const number = (value: number) => value.toFixed(4);
  return [
    ...(stated_precision === undefined
      ? []
      : [`stated precision of the answers      ${number(stated_precision)}`]),
    `abstains below a probability of      ${number(abstention_threshold)}`,
    `coverage (share of products)         ${number(coverage)}`,
    `accuracy of the answers given        ${number(answered_accuracy ?? accuracy)}`,
  ];
}

function formatCoverage(points: readonly CoveragePoint[]): string {
  return stringify([...points], { header: true, columns: ['threshold', 'coverage', 'answered', 'accuracy'] });
}

/** Counts with the true category in the first column and a column for each predicted one. */
function formatConfusionMatrix(matrix: Uint32Array, categories: readonly Category[]): string {
  const ids = categories.map((category) => category.id);
  const rows = ids.map((id, i) => [id, ...matrix.subarray(i * ids.length, (i + 1) * ids.length)]);
  return stringify([['true\\predicted', ...ids], ...rows]);
}

function formatPredictions(
  { rows, labels, probabilities, classes }: Evaluation,
  predicted: Int32Array,
  categories: readonly Category[],
): string {
  const id = (label: number) => categories[label]?.id;
  const records = rows.map((row, i) => {
    const best = predicted[i] as number;
    return [row.productId, id(labels[i] as number), id(best), probabilities[i * classes + best]];
  });
  return stringify([['productid', 'true', 'predicted', 'probability'], ...records]);
}

function formatHistory(history: readonly HistoryRow[]): string {
  const measures = [...new Set(history.flatMap((row) => Object.keys(row)))].filter((key) => key !== 'epoch');
  return stringify([...history], { header: true, columns: ['epoch', ...measures] });
}
