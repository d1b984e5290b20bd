import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SQUARE_PHOTO_DEFAULTS, SQUARE_PHOTO_KIND, SQUARE_PHOTO_VERSION } from '@vitrine/inference';
import type { Progress } from '../cli/progress.js';
import { findCatalogueFiles, readCatalogue, type CatalogueProduct } from './catalogue.js';
import { DatasetError } from './dataset-error.js';
import { checkOutputDir, DATASET_FILES, hashInputs, JOURNAL_FILE, openOutputDir } from './dataset-folder.js';
import { buildReport, type DatasetReport } from './dataset-report.js';
import { ImageJournal } from './image-journal.js';
import { listSourceImages } from './image-names.js';
import { prepareImages, preparedSha256, type ImageCounts, type ImageStep } from './prepare-images.js';
import { ProblemLog } from './problems.js';
import { stratifiedSplit, type Split } from './stratified-split.js';
import { writeDataset } from './write-dataset.js';

export interface CreateDatasetOptions {
  /** Folder in the challenge layout. */
  inputDir: string;
  outputDir: string;
  /** Fraction of the rows, in (0, 1). */
  trainSize: number;
  /** Fraction of the rows, in (0, 1); at most 1 together with `trainSize`. */
  testSize: number;
  seed: number;
  /** Replace another data set in the output folder. */
  overwrite: boolean;
  /** Stop at the first problem of the input. */
  strict: boolean;
}

/**
 * Makes a data set from a catalogue in the challenge layout: a stratified, seeded split and prepared photos. An
 * interrupted run goes on where it stopped, and a repeated one does only what is missing. What is wrong with the
 * input is reported and left out.
 *
 * @returns what `report.json` holds
 * @throws DatasetError where the options or folders are wrong, nothing usable is left, or `strict` meets a problem
 */
export async function createDataset(
  options: CreateDatasetOptions,
  progress: Progress,
): Promise<DatasetReport> {
  const start = performance.now();
  checkSizes(options);
  const files = findCatalogueFiles(options.inputDir);
  const { trainSize, testSize, seed } = options;
  const identity = { trainSize, testSize, seed, inputs: await hashInputs(files) };
  await checkOutputDir(options.outputDir, options.inputDir, identity, options.overwrite);

  const problems = new ProblemLog(options.strict);
  const catalogue = await readCatalogue(files, problems);
  progress.info(`Read ${catalogue.rowCount} rows, ${catalogue.products.length} of them with a category`);
  await openOutputDir(options.outputDir, identity, options.overwrite);

  const step = await openImageStep(options, problems, progress);
  const { usable, counts: earlier } = await dropEmptyProducts(catalogue.products, step);
  const split = splitProducts(usable, options, problems);
  const drawn = [...split.train, ...split.test].map((row) => usable[row] as CatalogueProduct);
  const later = await prepareImages(drawn.filter(hasText), step);

  const report = buildReport({ catalogue, usable, split, step, options, problems });
  await writeDataset(options.outputDir, report, usable, split, step);
  problems.print(progress);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  progress.info(summarise(report, earlier, later, seconds));
  return report;
}

function checkSizes({ trainSize, testSize }: CreateDatasetOptions): void {
  for (const [name, size] of Object.entries({ 'train-size': trainSize, 'test-size': testSize })) {
    if (!(size > 0 && size < 1)) throw new DatasetError(`--${name} must lie between 0 and 1, not be ${size}`);
  }
  if (trainSize + testSize > 1 + 1e-9) {
    throw new DatasetError(`--train-size and --test-size sum to ${trainSize + testSize}, more than 1`);
  }
}

async function openImageStep(
  { inputDir, outputDir }: CreateDatasetOptions,
  problems: ProblemLog,
  progress: Progress,
): Promise<ImageStep> {
  const config = SQUARE_PHOTO_DEFAULTS;
  const setting = JSON.stringify({ processor: `${SQUARE_PHOTO_KIND}/${SQUARE_PHOTO_VERSION}`, config });
  return {
    sources: await listSourceImages(join(inputDir, DATASET_FILES.images)),
    outputDir: join(outputDir, DATASET_FILES.images),
    journal: await ImageJournal.open(join(outputDir, JOURNAL_FILE), setting),
    config,
    problems,
    progress,
    // Until everything fits together again the data set is not complete.
    beforeChange: () => rm(join(outputDir, DATASET_FILES.report), { force: true }),
  };
}

function hasText({ designation, description }: CatalogueProduct): boolean {
  return designation.trim() !== '' || description.trim() !== '';
}

/** Whether a row counts at all may depend on its photo: those without text come first. */
async function dropEmptyProducts(products: CatalogueProduct[], step: ImageStep) {
  const counts = await prepareImages(
    products.filter((product) => !hasText(product)),
    step,
  );
  const usable = products.filter((product) => {
    if (hasText(product) || preparedSha256(product, step) !== null) return true;
    const message = `product ${product.productId} has neither text nor a photo`;
    step.problems.add({ code: 'product-empty', file: 'X.csv', row: product.row, message });
    return false;
  });
  return { usable, counts };
}

function splitProducts(
  products: CatalogueProduct[],
  options: CreateDatasetOptions,
  problems: ProblemLog,
): Split {
  const byCategory = groupByCategory(products);
  if (byCategory.size < 2) {
    throw new DatasetError(`${byCategory.size} categories have usable rows; at least 2 are needed`);
  }
  for (const [id, [first, second]] of byCategory) {
    if (first && !second) {
      const message = `category ${id} has this row alone`;
      problems.add({ code: 'class-single', file: 'X.csv', row: first.row, message });
    }
  }
  const classes = products.map(({ categoryId }) => categoryId);
  const split = stratifiedSplit(classes, options.trainSize, options.testSize, options.seed);
  if (split.test.length === 0) throw new DatasetError(`${products.length} rows are too few for a test part`);
  return split;
}

function groupByCategory(products: CatalogueProduct[]): Map<number, CatalogueProduct[]> {
  const groups = new Map<number, CatalogueProduct[]>();
  for (const product of products) {
    const group = groups.get(product.categoryId);
    if (group) group.push(product);
    else groups.set(product.categoryId, [product]);
  }
  return groups;
}

function summarise(report: DatasetReport, earlier: ImageCounts, later: ImageCounts, seconds: string): string {
  const { counts, categories } = report;
  const prepared = earlier.prepared + later.prepared;
  return (
    `Data set complete in ${seconds} s: ${counts.train} training and ${counts.test} test rows in ` +
    `${categories.length} categories, ${counts.images} photos (${prepared} prepared now), ` +
    `${counts.leftOut} rows left out`
  );
}
