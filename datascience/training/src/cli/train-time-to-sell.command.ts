import { join } from 'node:path';
import { Command, Option } from 'commander';
import { integerAtLeast } from './arguments.js';
import { openSession } from './session.js';

const MODEL = 'time-to-sell';

interface Flags {
  input: string;
  outputDir: string;
  seed: number;
  folds?: number;
  limitRows?: number;
  registeredModel?: string;
  register: boolean;
  setStaging: boolean;
}

/** The command `train-time-to-sell`. */
export function trainTimeToSellCommand(): Command {
  return new Command('train-time-to-sell')
    .description('Train a model that tells how fast a listing sells: 0 fast, 1 normal, 2 very long')
    .requiredOption('--input <csv>', 'listings with their delai_vente, as CSV, plain or gzipped')
    .requiredOption('--output-dir <dir>', 'where the report and the model package go')
    .option('--seed <n>', 'seed of everything random', integerAtLeast(0), 42)
    .option(
      '--folds <n>',
      'folds of the cross-validation (default: 5, 3 below 1,000 rows)',
      integerAtLeast(2),
    )
    .option('--limit-rows <n>', 'train on this many rows at most, for a quick try', integerAtLeast(10))
    .addOption(new Option('--registered-model <name>', 'register under this name').default(undefined, MODEL))
    .option('--register', 'register the model', false)
    .option('--set-staging', 'move the alias staging to the new version (registers it)', false)
    .action(train);
}

async function train(flags: Flags): Promise<void> {
  const { store, progress, signal } = openSession();
  const { input, outputDir, seed, folds, limitRows, setStaging } = flags;
  const register = flags.register || setStaging || flags.registeredModel !== undefined;
  const { trainTimeToSell } = await import('../time-to-sell/train-time-to-sell.js');
  const result = await trainTimeToSell(
    { input, outputDir, seed, folds, limitRows },
    {
      store,
      progress,
      signal,
      registeredModel: register ? (flags.registeredModel ?? MODEL) : null,
      setStaging,
    },
  );
  const { metrics, runId, version } = result;
  const number = (key: string) => (metrics[key] as number).toFixed(4);
  const lines = [
    `log loss ${number('cv_log_loss')} (prior ${number('prior_log_loss')}, classic recipe ${number('recipe_log_loss')})  ` +
      `accuracy ${number('cv_accuracy')} (commonest outcome: ${number('baseline_accuracy')})  ECE ${number('cv_ece')}  ` +
      `over ${metrics.folds} folds`,
    `trained on ${metrics.n_train} listings in ${metrics.train_seconds.toFixed(1)} s`,
    `report and package: ${result.outputDir}`,
    `package: ${join(result.outputDir, 'model')}`,
    `run: ${runId}`,
  ];
  if (version)
    lines.push(`registered: models:/${version.name}/${version.version} ${version.aliases.join(' ')}`.trim());
  process.stdout.write(`${lines.join('\n')}\n`);
}
