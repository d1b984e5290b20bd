import type { TrainContext, TrainedModel, Trainer } from '../runs/trainer.js';
import { blendProbabilities, fitBlend, type Blend } from './blend.js';
import { countCorpus } from './corpus.js';
import { ensembleMembers } from './ensemble.js';
import { fitFinal } from './final-fit.js';
import { FitCheckpoints } from './fit-checkpoints.js';
import { fitHeldOut, planFolds } from './held-out-fits.js';
import type { TextTask } from './member-fit.js';
import { Pace } from './pace.js';
import { maxPackagedColumns, packageTextModel } from './package-text-model.js';
import { collectTrainingTexts, type TrainingTexts } from './training-texts.js';

/** Rows named in a warning, at most. */
const MAX_ROWS_NAMED = 10;

/**
 * Trains the text model: TF-IDF of word and character n-grams under an ensemble of linear members, each with a
 * temperature fitted on held-out rows, fitted again on all rows and summed into one matrix. The same data set, options
 * and seed give the same bytes, also when the training was interrupted in between.
 */
export const textTrainer: Trainer = { modality: 'text', train: trainText };

async function trainText(context: TrainContext): Promise<TrainedModel> {
  const { dataset, options, modelDir, progress } = context;
  const pace = new Pace(context.signal);
  const texts = await collectTrainingTexts(dataset.train, pace);
  reportRowsWithoutText(texts, context);
  const task = await buildTask(context, texts, pace);
  const allLabels = Int32Array.from(dataset.train, ({ label }) => label);
  const heldOut = await fitHeldOut(task, planFolds(allLabels, texts.positions, options.seed));
  const blend = fitBlend(task.members, heldOut, texts.labels, task.classes);
  const model = await fitFinal(task, blend, heldOut.passes);
  const specs = await packageTextModel(model, blend.logPriors, modelDir);
  progress.info(`text model: ${model.space.columns} n-grams from ${texts.texts.length} texts`);
  return {
    ...specs,
    calibration: { temperature: blend.temperature },
    heldOut: {
      rows: heldOut.rows.map((row) => texts.positions[row] as number),
      probabilities: blendProbabilities(blend, heldOut.logits),
    },
    params: describe(task, blend, model.space.columns),
  };
}

async function buildTask(context: TrainContext, texts: TrainingTexts, pace: Pace): Promise<TextTask> {
  const { dataset, options, checkpointDir, progress } = context;
  const classes = dataset.categories.length;
  return {
    corpus: await countCorpus(texts.texts, pace),
    labels: texts.labels,
    classes,
    maxColumns: maxPackagedColumns(classes),
    members: ensembleMembers(texts.texts.length),
    epochs: options.epochs,
    patience: options.trainPatience,
    seed: options.seed,
    pace,
    checkpoints: new FitCheckpoints(checkpointDir),
    progress,
    logEpoch: (epoch, metrics) => context.logEpoch(epoch, metrics),
  };
}

function reportRowsWithoutText({ texts, withoutText }: TrainingTexts, { progress }: TrainContext): void {
  if (texts.length === 0) throw new Error('No training row holds text: there is nothing to learn from');
  if (withoutText.length === 0) return;
  const named = withoutText.slice(0, MAX_ROWS_NAMED).join(', ');
  const more = withoutText.length > MAX_ROWS_NAMED ? ', …' : '';
  progress.warn(`${withoutText.length} training rows without text are left out (index ${named}${more})`);
}

function describe(task: TextTask, blend: Blend, columns: number): TrainedModel['params'] {
  const temperatures = task.members.map(({ name }, m) => [`${name}_temperature`, blend.temperatures[m] ?? 1]);
  return {
    members: task.members.map(({ name }) => name).join(' '),
    columns,
    texts: task.corpus.rows,
    ...(Object.fromEntries(temperatures) as Record<string, number>),
  };
}
