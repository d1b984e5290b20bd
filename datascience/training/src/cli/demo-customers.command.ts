import { Command, InvalidArgumentError } from 'commander';
import { writeDemoCustomers, type DemoCustomersOptions } from '../customers/demo/write-demo-customers.js';
import { integerAtLeast } from './arguments.js';
import { createProgress } from './progress.js';

/** `vitrine demo-customers`. */
export function demoCustomersCommand(): Command {
  return new Command('demo-customers')
    .description(
      'Write a complete synthetic set of customer files: profiles, activity, labels, stores, sales',
    )
    .requiredOption('--output-dir <dir>', 'where the files go')
    .option('--customers <n>', 'customers', integerAtLeast(1), 150_000)
    .option('--months <n>', 'months of sales', integerAtLeast(1), 120)
    .option('--first-month <YYYY-MM>', 'the first of them', parseMonth, '2016-01')
    .option('--stores <n>', 'stores', integerAtLeast(1), 5)
    .option('--sales-per-month <n>', 'sales in an average month', integerAtLeast(1), 412)
    .option('--seed <n>', 'the same seed gives the same files', integerAtLeast(0), 42)
    .option(
      '--signal <share>',
      'how much labels depend on the features: 0 not at all, 1 mostly',
      parseShare,
      0,
    )
    .option('--no-label-times', 'leave the column labeled_at out: labels are then true at the end')
    .option('--overwrite', 'replace a demo of other options', false)
    .action(async (options: DemoCustomersOptions) => {
      await writeDemoCustomers(options, createProgress());
    });
}

function parseMonth(text: string): string {
  if (!/^[12]\d{3}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('must be YYYY-MM');
  return text;
}

function parseShare(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1) || text.trim() === '') {
    throw new InvalidArgumentError('must be a number from 0 to 1');
  }
  return value;
}
