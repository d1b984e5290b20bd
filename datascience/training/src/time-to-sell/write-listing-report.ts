import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelMetrics } from '@vitrine/inference';
import { stringify } from 'csv-stringify/sync';
import { confusionMatrix, predictedClasses, reliabilityBins } from '../evaluation/metrics.js';
import { confusionMatrixPlot, historyPlot, reliabilityPlot } from '../evaluation/plots.js';
import { renderPlot } from '../evaluation/render-plot.js';
import type { CrossValidation } from './cross-validation.js';
import { OUTCOME_CATEGORIES } from './listing-task.js';
import type { ListingSet } from './read-listings.js';
import { dependencePlot, importancePlot } from './study-plots.js';

/**
 * Writes the report of a training: `metrics.json`, the folds' scores (`history.csv`, `history.png`), every row's
 * out-of-fold prediction, confusion matrix, reliability diagram, importances and partial dependence.
 *
 * @returns the names of the files written
 */
export async function writeListingReport(
  dir: string,
  { set, validation, metrics }: { set: ListingSet; validation: CrossValidation; metrics: ModelMetrics },
): Promise<string[]> {
  const { scored, folds, study } = validation;
  const predicted = predictedClasses(scored);
  const matrix = confusionMatrix(scored.labels, predicted, scored.classes);
  const history = folds.map(({ fold, log_loss, accuracy, ece, priorLogLoss, recipeLogLoss }) => ({
    epoch: fold,
    log_loss,
    prior_log_loss: priorLogLoss,
    recipe_log_loss: recipeLogLoss,
    accuracy,
    ece,
  }));
  const title = 'time to sell (out of fold)';
  const files: Record<string, string | Buffer> = {
    'metrics.json': `${JSON.stringify(metrics, null, 2)}\n`,
    'history.csv': stringify(
      folds.map((row) => ({ ...row })),
      { header: true },
    ),
    'history.png': await renderPlot(historyPlot(history, 'Folds of the cross-validation')),
    'predictions.csv': formatPredictions(set, validation, predicted),
    'confusion_matrix.png': await renderPlot(
      confusionMatrixPlot(matrix, OUTCOME_CATEGORIES, `Confusion matrix, ${title}`),
    ),
    'reliability.png': await renderPlot(reliabilityPlot(reliabilityBins(scored), `Reliability, ${title}`)),
    'importances.csv': stringify(study.importances, { header: true }),
    'importances.png': await renderPlot(importancePlot(study)),
    'partial_dependence.csv': stringify([
      ['quantity', 'value', ...OUTCOME_CATEGORIES.map(({ id }) => `p${id}`)],
      ...study.dependences.map(({ quantity, value, probabilities }) => [quantity, value, ...probabilities]),
    ]),
    'partial_dependence.png': await renderPlot(dependencePlot(study)),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  return Object.keys(files);
}

/** The line of the input that each listing begins on, its fold and outcome, and what was predicted. */
function formatPredictions(
  set: ListingSet,
  { scored, foldOf }: CrossValidation,
  predicted: Int32Array,
): string {
  const { classes, probabilities } = scored;
  const records = set.rows.map((_, row) => [
    set.lines[row],
    (foldOf[row] as number) + 1,
    set.labels[row],
    predicted[row],
    ...Array.from(probabilities.subarray(row * classes, (row + 1) * classes), (p) => p.toPrecision(7)),
  ]);
  return stringify([
    ['line', 'fold', 'true', 'predicted', ...OUTCOME_CATEGORIES.map(({ id }) => `p${id}`)],
    ...records,
  ]);
}
