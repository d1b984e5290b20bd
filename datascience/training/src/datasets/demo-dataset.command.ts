import { Command } from 'commander';
import { integerAtLeast } from '../cli/arguments.js';
import { createProgress } from '../cli/progress.js';
import { writeDemoDataset, type DemoDatasetOptions } from './demo/write-demo-dataset.js';

/** About 80 a category: nearly every phrase is seen, and it is drawn in seconds. */
const DEFAULT_PRODUCTS = 2_160;

/** `vitrine demo-dataset`. */
export function demoDatasetCommand(): Command {
  return new Command('demo-dataset')
    .description(
      'Write a synthetic French catalogue of 27 categories, with drawn photos, to try everything on',
    )
    .requiredOption('--output-dir <dir>', 'where X.csv, y.csv, categories.csv and images/ go')
    .option('--products <integer>', 'products over all categories', integerAtLeast(1), DEFAULT_PRODUCTS)
    .option('--seed <integer>', 'the same seed gives the same files', integerAtLeast(0), 42)
    .option('--overwrite', 'replace a demo catalogue of other options', false)
    .action(async (options: DemoDatasetOptions) => {
      await writeDemoDataset(options, createProgress());
    });
}
