import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { silentProgress } from '../../training/dist/cli/progress.js';
import { createDataset } from '../../training/dist/datasets/create-dataset.js';
import { readDataset } from '../../training/dist/datasets/read-dataset.js';
import { stratifiedFolds } from '../../training/dist/evaluation/folds.js';

/**
 * Deals all products to stratified folds; each data set tests on one of them and trains on the others.
 *
 * @param {string} inputDir a created data set, or a catalogue in the challenge layout
 * @returns {Promise<object[]>} data sets as the trainers read them
 */
export async function readFolds(inputDir, dir, { folds, seed }) {
  const dataset = await openDataset(inputDir, dir);
  const rows = [...dataset.train, ...dataset.test].sort((a, b) =>
    a.index.localeCompare(b.index, 'en', { numeric: true }),
  );
  const dealt = stratifiedFolds(
    rows.map(({ label }) => label),
    folds,
    seed,
  );
  return Array.from({ length: folds }, (_, fold) => ({
    ...dataset,
    train: rows.filter((_row, i) => dealt[i] !== fold),
    test: rows.filter((_row, i) => dealt[i] === fold),
    hash: digest(dataset.hash, folds, seed, fold),
    testHash: digest(dataset.testHash, folds, seed, fold),
  }));
}

async function openDataset(inputDir, dir) {
  if (existsSync(join(inputDir, 'report.json'))) return readDataset(inputDir);
  const outputDir = join(dir, 'dataset');
  const split = { trainSize: 0.8, testSize: 0.2, seed: 42, overwrite: false, strict: false };
  await createDataset({ inputDir, outputDir, ...split }, silentProgress);
  return readDataset(outputDir);
}

function digest(...parts) {
  return createHash('sha256').update(parts.join(' ')).digest('hex');
}
