import { resolve } from 'node:path';
import { loadPredictor, type Predictor } from '@vitrine/inference';
import { Command } from 'commander';
import type { Dataset } from '../datasets/dataset.js';
import { readDataset } from '../datasets/read-dataset.js';
import { describeEvaluation } from '../evaluation/describe-evaluation.js';
import { evaluateModel } from '../evaluation/evaluate-model.js';
import { writeReport } from '../evaluation/report.js';
import { promote, rollback } from '../runs/promotion.js';
import { resolveModel } from '../runs/resolve-model.js';
import { integerAtLeast } from './arguments.js';
import { openSession } from './session.js';
import { formatScores } from './train-commands.js';

/** The commands `evaluate`, `promote` and `rollback`. */
export function modelCommands(): Command[] {
  return [evaluateCommand(), promoteCommand(), rollbackCommand()];
}

function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Score a model on the test split of a data set')
    .requiredOption(
      '--model-uri <uri>',
      'models:/NAME/VERSION, models:/NAME@ALIAS, runs:/ID/model or a folder',
    )
    .requiredOption('--input-dir <dir>', 'a data set that create-dataset wrote')
    .option('--output-dir <dir>', 'write the report here')
    .action(async (flags: { modelUri: string; inputDir: string; outputDir?: string }) => {
      const { store, environment, progress, signal } = openSession();
      const dataset = await readDataset(flags.inputDir);
      const model = await resolveModel(store, flags.modelUri, environment.cacheDir);
      const predictor = await loadPredictor(model.package);
      try {
        const rows = matchCategories(dataset, predictor, flags.modelUri);
        const evaluation = await evaluateModel(predictor, rows.test, { progress, signal });
        const { categories, modality, calibration, metrics: trained } = predictor.manifest;
        const metrics = describeEvaluation(evaluation, {
          trainLabels: rows.train.map((row) => row.label),
          calibration,
          trained,
        });
        process.stdout.write(`${formatScores(metrics).join('\n')}\n`);
        if (evaluation.skipped.length > 0)
          progress.warn(`${evaluation.skipped.length} rows could not be read`);
        if (flags.outputDir === undefined) return;
        await writeReport(resolve(flags.outputDir), {
          evaluation,
          metrics,
          calibration,
          categories,
          title: `${modality} model`,
        });
        process.stdout.write(`report: ${resolve(flags.outputDir)}\n`);
      } finally {
        await predictor.dispose();
      }
    });
}

/** The data set's rows with labels as positions in the model's categories. */
function matchCategories(dataset: Dataset, predictor: Predictor, uri: string): Dataset {
  const position = new Map(predictor.manifest.categories.map(({ id }, i) => [id, i]));
  const missing = dataset.categories.filter(({ id }) => !position.has(id));
  if (missing.length > 0) {
    throw new Error(`${uri} does not know the categories ${missing.map(({ id }) => id).join(', ')}`);
  }
  const relabel = (rows: Dataset['train']) =>
    rows.map((row) => ({
      ...row,
      label: position.get(dataset.categories[row.label]?.id as number) as number,
    }));
  return { ...dataset, train: relabel(dataset.train), test: relabel(dataset.test) };
}

function promoteCommand(): Command {
  return new Command('promote')
    .description('Point an alias at a version, unless it is worse than the one in place')
    .requiredOption('--model <name>', 'registered model')
    .requiredOption('--version <n>', 'version to promote', integerAtLeast(1))
    .requiredOption('--alias <alias>', 'staging or production')
    .option('--reason <text>', 'why; kept with the version')
    .option('--force', 'promote it although it is worse or cannot be compared', false)
    .action(
      async (flags: { model: string; version: number; alias: string; reason?: string; force: boolean }) => {
        const { store } = openSession();
        const { version, previous } = await promote(store, { ...flags, name: flags.model });
        const before = previous ? `, was version ${previous.version}` : '';
        process.stdout.write(`${flags.model}@${flags.alias} is version ${version.version}${before}\n`);
      },
    );
}

function rollbackCommand(): Command {
  return new Command('rollback')
    .description('Point an alias back at the version before the last promotion')
    .requiredOption('--model <name>', 'registered model')
    .requiredOption('--alias <alias>', 'staging or production')
    .action(async (flags: { model: string; alias: string }) => {
      const { store } = openSession();
      const { version, from } = await rollback(store, flags.model, flags.alias);
      process.stdout.write(
        `${flags.model}@${flags.alias} is version ${version.version}, was version ${from.version}\n`,
      );
    });
}
