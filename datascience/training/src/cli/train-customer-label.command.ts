import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { describeChance } from '../customers/label/label-report.js';
import type { LabelTrainingOptions, LabelTrainingResult } from '../customers/label/label-run.js';
import { trainLabelModel } from '../customers/label/train-label-model.js';
import { integerAtLeast } from './arguments.js';
import { openSession } from './session.js';

const DEFAULT_NAME = 'customer-label';

type LabelFlags = Omit<LabelTrainingOptions, 'registeredModel'> & {
  registeredModel?: string;
  register: boolean;
};

/** `vitrine train-customer-label`. */
export function trainCustomerLabelCommand(): Command {
  return new Command('train-customer-label')
    .description('Train the model of the customers’ label on the feature store')
    .requiredOption('--input <file>', 'features as CSV or Parquet: idx, attr_a, attr_b, scd_a, scd_b, label')
    .requiredOption('--output-dir <dir>', 'where the report and the model package go')
    .option('--seed <n>', 'seed of everything random', integerAtLeast(0), 42)
    .option('--permutations <n>', 'shuffles of the test against chance', integerAtLeast(200), 2_000)
    .option('--registered-model <name>', `register under this name (default: ${DEFAULT_NAME})`)
    .option('--register', 'register the model', false)
    .option('--set-staging', 'move the alias staging to the new version (registers it)', false)
    .action(async ({ register, registeredModel, ...options }: LabelFlags) => {
      const session = openSession({ onStop: 'stopping' });
      const isRegistered = register || options.setStaging || registeredModel !== undefined;
      const name = isRegistered ? (registeredModel ?? DEFAULT_NAME) : null;
      const result = await trainLabelModel({ ...options, registeredModel: name }, session);
      process.stdout.write(`${describeResult(result, resolve(options.outputDir)).join('\n')}\n`);
    });
}

function describeResult({ metrics, runId, version }: LabelTrainingResult, outputDir: string): string[] {
  const { accuracy, baseline_accuracy, balanced_accuracy, auc, log_loss, n_train, n_test } = metrics;
  return [
    `balanced accuracy ${balanced_accuracy!.toFixed(4)} (guessing: 0.5)  AUC ${auc!.toFixed(4)} (0.5)  ` +
      `balanced log loss ${log_loss.toFixed(4)} (${Math.LN2.toFixed(4)})`,
    `accuracy ${accuracy.toFixed(4)} (always the commoner label: ${baseline_accuracy.toFixed(4)})  on ${n_test} held-out customers`,
    describeChance(metrics),
    `trained on ${n_train} customers in ${metrics.train_seconds.toFixed(1)} s`,
    `report and package: ${outputDir}`,
    `package: ${join(outputDir, 'model')}`,
    `run: ${runId}`,
    ...(version
      ? [`registered: models:/${version.name}/${version.version} ${version.aliases.join(' ')}`.trim()]
      : []),
  ];
}
