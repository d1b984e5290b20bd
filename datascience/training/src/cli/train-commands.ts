import { join } from 'node:path';
import type { ModelMetrics } from '@vitrine/inference';
import { Command, Option } from 'commander';
import { DEFAULT_ABSTAIN_PRECISION } from '../evaluation/abstention.js';
import { fusionTrainer } from '../fusion/fusion-trainer.js';
import { FINE_TUNED_PARTS } from '../image/image-options.js';
import { imageTrainer, type ImageTrainOptions } from '../image/image-trainer.js';
import { resolveFusionMember } from '../runs/fusion-members.js';
import { runTraining, type TrainingResult } from '../runs/run-training.js';
import type { TrainOptions } from '../runs/trainer.js';
import { readTrainingSet } from '../runs/training-set.js';
import { textTrainer } from '../text/text-trainer.js';
import { integerAtLeast, shareBetween0And1 } from './arguments.js';
import { openSession, type Session } from './session.js';

/** Flags that every trainer has, as commander gives them. */
type TrainFlags = TrainOptions & { registeredModel?: string; register: boolean; setStaging: boolean };

/** The commands `train-text`, `train-image` and `train-fusion`. */
export function trainCommands(): Command[] {
  return [trainTextCommand(), trainImageCommand(), trainFusionCommand()];
}

function trainTextCommand(): Command {
  return trainCommand('text', 'Train a category model on designations and descriptions').action(
    async (flags: TrainFlags) => {
      const session = openSession();
      report(await runTraining(textTrainer, trainOptions(flags), settings('text', flags, session)));
    },
  );
}

type ImageFlags = TrainFlags & Pick<ImageTrainOptions, 'baseModel' | 'dataAugmentation' | 'fineTune'>;

function trainImageCommand(): Command {
  return trainCommand('image', 'Train a category model on photos')
    .option(
      '--base-model <dir|url|none>',
      'a tfjs layers model to start from; none trains a small network from scratch (default: MobileNet v1)',
    )
    .option(
      '--no-data-augmentation',
      'show each photo as it is, never flipped, turned, shifted or recoloured',
    )
    .addOption(
      new Option(
        '--fine-tune [part]',
        'also train the base model: its last convolution (minutes), or all of it (hours; for many photos)',
      )
        .choices(FINE_TUNED_PARTS)
        .preset('last')
        .default(false),
    )
    .action(async (flags: ImageFlags) => {
      const session = openSession();
      const { baseModel, dataAugmentation, fineTune } = flags;
      const { cacheDir } = session.environment;
      const options = { ...trainOptions(flags), baseModel, dataAugmentation, fineTune, cacheDir };
      const identity = { ...options, cacheDir: undefined };
      report(await runTraining(imageTrainer, options, { ...settings('image', flags, session), identity }));
    });
}

type FusionFlags = TrainFlags & { textModelUri: string; imageModelUri: string };

function trainFusionCommand(): Command {
  return trainCommand('fusion', 'Train a category model over a text and an image model')
    .option('--text-model-uri <uri>', 'the text model', 'models:/text@staging')
    .option('--image-model-uri <uri>', 'the image model', 'models:/image@staging')
    .action(async (flags: FusionFlags) => {
      const session = openSession();
      const dataset = await readTrainingSet(trainOptions(flags));
      const member = (uri: string, modality: 'text' | 'image') =>
        resolveFusionMember(session, uri, modality, dataset);
      const text = await member(flags.textModelUri, 'text');
      const image = await member(flags.imageModelUri, 'image');
      const options = { ...trainOptions(flags), text, image };
      const identity = { ...trainOptions(flags), text: text.runId, image: image.runId };
      report(
        await runTraining(fusionTrainer, options, {
          ...settings('fusion', flags, session),
          identity,
          dataset,
        }),
      );
    });
}

function trainCommand(modality: string, description: string): Command {
  return new Command(`train-${modality}`)
    .description(description)
    .requiredOption('--input-dir <dir>', 'a data set that create-dataset wrote')
    .requiredOption('--output-dir <dir>', 'where the report and the model package go')
    .option('--batch-size <n>', 'rows in one step of gradient descent', integerAtLeast(1), 96)
    .option('--epochs <n>', 'passes over the training rows at most', integerAtLeast(1), 100)
    .option('--train-patience <n>', 'passes without improvement before training stops', integerAtLeast(1), 10)
    .option('--seed <n>', 'seed of everything random', integerAtLeast(0), 42)
    .option('--limit-rows <n>', 'train on this many rows at most, for a quick try', integerAtLeast(10))
    .option(
      '--abstain-precision <share>',
      'abstain as often as it takes that this share of the other answers is right',
      shareBetween0And1,
      DEFAULT_ABSTAIN_PRECISION,
    )
    .addOption(
      new Option('--registered-model <name>', 'register under this name').default(undefined, modality),
    )
    .option('--register', 'register the model', false)
    .option('--set-staging', 'move the alias staging to the new version (registers it)', false);
}

function trainOptions(flags: TrainFlags): TrainOptions {
  const { inputDir, outputDir, batchSize, epochs, trainPatience, seed, limitRows, abstainPrecision } = flags;
  return { inputDir, outputDir, batchSize, epochs, trainPatience, seed, limitRows, abstainPrecision };
}

function settings(modality: string, flags: TrainFlags, { store, progress, signal }: Session) {
  const register = flags.register || flags.setStaging || flags.registeredModel !== undefined;
  const registeredModel = register ? (flags.registeredModel ?? modality) : null;
  return { store, progress, signal, registeredModel, setStaging: flags.setStaging };
}

/** The outcome on standard output: a person reads it, a script can grep it. */
function report({ metrics, runId, version, outputDir }: TrainingResult): void {
  const lines = [
    ...formatScores(metrics),
    `trained on ${metrics.n_train} products in ${metrics.train_seconds.toFixed(1)} s`,
    `report and package: ${outputDir}`,
    `package: ${join(outputDir, 'model')}`,
    `run: ${runId}`,
  ];
  if (version)
    lines.push(`registered: models:/${version.name}/${version.version} ${version.aliases.join(' ')}`.trim());
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The scores of a model beside the score of always answering the commonest category, and what abstaining does. */
export function formatScores(metrics: ModelMetrics): string[] {
  const { accuracy, weighted_f1, macro_f1, log_loss, ece, baseline_accuracy, n_test } = metrics;
  const { coverage = 1, answered_accuracy = accuracy, abstention_threshold = 0 } = metrics;
  return [
    `accuracy ${accuracy.toFixed(4)} (commonest category: ${baseline_accuracy.toFixed(4)})  ` +
      `weighted F1 ${weighted_f1.toFixed(4)}  macro F1 ${macro_f1.toFixed(4)}  ` +
      `log loss ${log_loss.toFixed(4)}  ECE ${ece.toFixed(4)}  on ${n_test} test products`,
    `abstains below a probability of ${abstention_threshold.toFixed(4)}: answers ${coverage.toFixed(4)} of the ` +
      `products, ${answered_accuracy.toFixed(4)} of them right`,
  ];
}
