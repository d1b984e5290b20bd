import type { Dataset } from '../datasets/dataset.js';
import { readDataset } from '../datasets/read-dataset.js';
import { limitTrainingRows } from './limit-rows.js';
import type { TrainOptions } from './trainer.js';

/** Reads the data set that the options name, with as many training rows as they allow. */
export async function readTrainingSet({ inputDir, limitRows, seed }: TrainOptions): Promise<Dataset> {
  return limitTrainingRows(await readDataset(inputDir), limitRows, seed);
}
