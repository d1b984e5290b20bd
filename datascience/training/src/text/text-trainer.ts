import type { TrainContext, TrainedModel, Trainer } from '../runs/trainer.js';
import { blendProbabilities, fitBlend, type Blend } from './blend.js';
import { countCorpus } from './corpus.js';
import { ensembleMembers } from './ensemble.js';
import { FitCheckpoints } from './fit-checkpoints.js';
import type { FitData } from './fit-job.js';
import { fitEnsemble } from './fit-ensemble.js';
import { FitPool } from './fit-pool.js';
import { planFolds } from './folds.js';
import { Pace } from './pace.js';
import { maxPackagedColumns, packageTextModel } from './package-text-model.js';
import { sumMembers } from './summed-model.js';
import type { TextTask } from './text-task.js';
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
  const pool = new FitPool(context.dataset.train.length, context.signal);
  try {
    return await trainOn(pool, context);
  } finally {
    await pool.dispose();
  }
}

async function trainOn(pool: FitPool, context: TrainContext): Promise<TrainedModel> {
  const { dataset, options, modelDir, progress, signal } = context;
  const pace = new Pace(signal);
  const classes = dataset.categories.length;
  const texts = await collectTrainingTexts(dataset.train, pace);
  reportRowsWithoutText(texts, context);
  const corpus = await countCorpus(texts.texts, maxPackagedColumns(classes), pace);
  if (corpus.words.hashes.length === 0)
    throw new Error('No training text holds a word: there is nothing to learn from');
  const task = buildTask(context, { corpus, labels: shared(texts.labels), classes }, pool);
  const allLabels = Int32Array.from(dataset.train, ({ label }) => label);
  const { heldOut, members } = await fitEnsemble(task, planFolds(allLabels, texts.positions, options.seed));
  const blend = fitBlend(task.members, heldOut, texts.labels, classes);
  const model = sumMembers(task, blend, members);
  const specs = await packageTextModel(model, blend, modelDir);
  progress.info(`text model: ${model.space.columns} n-grams from ${texts.texts.length} texts`);
  return {
    ...specs,
    calibration: { temperature: blend.calibration.temperature },
    heldOut: {
      rows: heldOut.rows.map((row) => texts.positions[row] as number),
      probabilities: blendProbabilities(blend, heldOut.logits),
    },
    params: describe(task, blend, model.space.columns),
  };
}

function buildTask(context: TrainContext, data: FitData, pool: FitPool): TextTask {
  const { options, checkpointDir, progress } = context;
  return {
    ...data,
    members: ensembleMembers(data.corpus.rows),
    epochs: options.epochs,
    patience: options.trainPatience,
    seed: options.seed,
    pool,
    checkpoints: new FitCheckpoints(checkpointDir),
    progress,
    logEpoch: (epoch, metrics) => context.logEpoch(epoch, metrics),
  };
}

function shared(labels: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(labels.byteLength));
  copy.set(labels);
  return copy;
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
    second_temperature: blend.calibration.secondTemperature,
    second_share: blend.calibration.secondShare,
    ...(Object.fromEntries(temperatures) as Record<string, number>),
  };
}
