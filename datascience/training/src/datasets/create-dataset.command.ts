import { Command } from 'commander';
import { integerAtLeast } from '../cli/arguments.js';
import { createProgress } from '../cli/progress.js';
import { createDataset } from './create-dataset.js';
import { parseFraction } from './parse-fraction.js';

interface CreateDatasetFlags {
  inputDir: string;
  outputDir: string;
  trainSize?: number;
  testSize?: number;
  seed: number;
  overwrite: boolean;
  strict: boolean;
}

const DEFAULT_TRAIN_SIZE = 0.8;
const DEFAULT_TEST_SIZE = 0.2;

/** `vitrine create-dataset`. */
export function createDatasetCommand(): Command {
  return new Command('create-dataset')
    .description(
      'Split a catalogue into training and test rows, stratified and seeded, and prepare its photos',
    )
    .requiredOption('--input-dir <dir>', 'X.csv(.gz), y.csv(.gz), optional categories.csv and images/')
    .requiredOption('--output-dir <dir>', 'where the data set goes; an unfinished one is gone on with')
    .option(
      '--train-size <fraction>',
      `fraction of the rows to train on (default: ${DEFAULT_TRAIN_SIZE})`,
      parseFraction,
    )
    .option(
      '--test-size <fraction>',
      `fraction of the rows to test on (default: ${DEFAULT_TEST_SIZE})`,
      parseFraction,
    )
    .option('--seed <integer>', 'the same seed gives the same files', integerAtLeast(0), 42)
    .option('--overwrite', 'replace another data set in the output folder', false)
    .option('--strict', 'stop at the first problem instead of leaving it out', false)
    .action(async (flags: CreateDatasetFlags) => {
      await createDataset({ ...flags, ...completeSizes(flags) }, createProgress());
    });
}

/** One fraction alone leaves the rest to the other. */
function completeSizes({ trainSize, testSize }: Pick<CreateDatasetFlags, 'trainSize' | 'testSize'>) {
  if (trainSize === undefined && testSize === undefined) {
    return { trainSize: DEFAULT_TRAIN_SIZE, testSize: DEFAULT_TEST_SIZE };
  }
  return {
    trainSize: trainSize ?? rest(testSize as number),
    testSize: testSize ?? rest(trainSize as number),
  };
}

/** What a fraction leaves of 1: 0.3 of 0.7, not 0.30000000000000004. */
function rest(size: number): number {
  return Number((1 - size).toFixed(12));
}
