import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelMetrics } from '@vitrine/inference';
import type { TopLevelSpec } from 'vega-lite';
import { classScores, confusionMatrix } from '../../evaluation/metrics.js';
import { confusionMatrixPlot, historyPlot } from '../../evaluation/plots.js';
import { renderPlot } from '../../evaluation/render-plot.js';
import type { BinaryScored } from './balanced-scores.js';
import type { BalancedForest } from './balanced-forest.js';
import { CATEGORIES } from './label-package.js';
import type { PermutationTest } from './permutation-test.js';

/** A model that chance would equal more often than this is called no better than chance; the gate agrees. */
const SIGNIFICANCE = 0.01;

/** What a report is written from. */
export interface LabelReportInput {
  /** Held-out customers, and the probabilities of label 1. */
  scored: BinaryScored;
  idx: readonly number[];
  metrics: ModelMetrics;
  chance: PermutationTest;
  history: BalancedForest['history'];
}

/**
 * Writes `metrics.json`, `classification_report.txt`, `confusion_matrix.png`, `permutation.png`, `history.csv`,
 * `history.png` and `predictions.csv`.
 *
 * @returns the names of the files written
 */
export async function writeLabelReport(dir: string, input: LabelReportInput): Promise<string[]> {
  const { scored, metrics, chance, history } = input;
  const predicted = Array.from(scored.probabilities, predictLabel);
  const matrix = confusionMatrix(scored.labels, predicted, CATEGORIES.length);
  const files: Record<string, string | Buffer> = {
    'metrics.json': `${JSON.stringify(metrics, null, 2)}\n`,
    'classification_report.txt': formatReport(matrix, metrics),
    'confusion_matrix.png': await renderPlot(
      confusionMatrixPlot(matrix, CATEGORIES, 'Confusion matrix, customer label'),
    ),
    'permutation.png': await renderPlot(permutationPlot(chance)),
    'history.csv': `epoch,validation_log_loss\n${history
      .map(({ epoch, validation_log_loss }) => `${epoch},${validation_log_loss}\n`)
      .join('')}`,
    'history.png': await renderPlot(historyPlot(history, 'Rounds of boosting, customer label')),
    'predictions.csv': formatPredictions(input, predicted),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  return Object.keys(files);
}

/** The label that serving answers with: the more probable one, 0 where they are equal. */
export const predictLabel = (probability: number): number => (probability > 0.5 ? 1 : 0);

/** What the test against chance says, in a sentence. */
export function describeChance({ chance_p_value, permutations, auc }: ModelMetrics): string {
  const p = chance_p_value!.toFixed(4);
  const test = `p = ${p}, the share of ${permutations} shuffles of the held-out labels, the true ones counted in, that reach its AUC of ${auc!.toFixed(4)}`;
  return chance_p_value! > SIGNIFICANCE
    ? `The model is NO BETTER THAN CHANCE (${test}). As far as these data show, the labels are independent of the features; the gate refuses it.`
    : `The model is better than chance (${test}).`;
}

function formatReport(matrix: Uint32Array, metrics: ModelMetrics): string {
  const scores = classScores(matrix, CATEGORIES.length);
  const number = (value: number | undefined) => (value ?? NaN).toFixed(4).padStart(11);
  const line = (name: string, own: number | undefined, majority: number, note = '') =>
    `${name.padEnd(20)}${number(own)}${number(majority)}${note && `  ${note}`}`;
  return [
    'label      precision     recall         f1    support',
    ...scores.map(
      ({ precision, recall, f1, support }, label) =>
        `${label}        ${number(precision)}${number(recall)}${number(f1)}${String(support).padStart(11)}`,
    ),
    '',
    'score                     model   majority',
    line('accuracy', metrics.accuracy, metrics.baseline_accuracy, 'label 0 is much the commoner one'),
    line('balanced accuracy', metrics.balanced_accuracy, 0.5),
    line('AUC', metrics.auc, 0.5),
    line('balanced log loss', metrics.log_loss, Math.LN2, 'both labels weigh as much; guessing scores ln 2'),
    '',
    describeChance(metrics),
    '',
  ].join('\n');
}

function formatPredictions({ idx, scored }: LabelReportInput, predicted: readonly number[]): string {
  const lines = idx.map((customer, i) => {
    const p = scored.probabilities[i]!;
    const label = predicted[i]!;
    return `${customer},${scored.labels[i]},${label},${label === 1 ? p : 1 - p}`;
  });
  return `idx,true,predicted,probability\n${lines.join('\n')}\n`;
}

function permutationPlot({ auc, shuffled }: PermutationTest): TopLevelSpec {
  return {
    title: 'AUC on shuffled labels, and on the true ones (line)',
    width: 420,
    height: 240,
    layer: [
      {
        data: { values: Array.from(shuffled, (value) => ({ value })) },
        mark: 'bar',
        encoding: {
          x: {
            field: 'value',
            bin: { maxbins: 40 },
            type: 'quantitative',
            title: 'AUC',
            scale: { zero: false },
          },
          y: { aggregate: 'count', title: 'shuffles' },
        },
      },
      {
        data: { values: [{ auc }] },
        mark: { type: 'rule', color: 'firebrick', size: 2 },
        encoding: { x: { field: 'auc', type: 'quantitative' } },
      },
    ],
  };
}
