import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Category } from '@vitrine/inference';
import { PRODUCT_COLUMNS, TARGET_COLUMN } from './catalogue.js';
import { locateColumns } from './csv-columns.js';
import { findCsv, readCsv } from './csv-file.js';
import type { Dataset, DatasetRow } from './dataset.js';
import { DatasetError } from './dataset-error.js';
import { DATASET_FILES } from './dataset-folder.js';
import type { DatasetReport } from './dataset-report.js';
import { imageStem, listFiles, preparedName } from './image-names.js';

/**
 * Reads a created data set into memory; photos stay on disk.
 *
 * @throws DatasetError where the folder is no created data set, is incomplete or does not fit together
 */
export async function readDataset(dir: string): Promise<Dataset> {
  const path = resolve(dir);
  const report = await readReport(path);
  const categories: Category[] = report.categories.map(({ id, label }) => ({ id, label }));
  const positions = new Map(categories.map(({ id }, position) => [id, position]));
  const images = new Set(await listFiles(join(path, DATASET_FILES.images)));
  const { xTrain, yTrain, xTest, yTest } = DATASET_FILES;
  const dataset: Dataset = {
    dir: path,
    categories,
    train: await readPart(path, xTrain, yTrain, positions, images),
    test: await readPart(path, xTest, yTest, positions, images),
    hash: report.digest,
    testHash: report.testDigest,
  };
  checkCounts(dataset, report);
  return dataset;
}

async function readReport(dir: string): Promise<DatasetReport> {
  if (!existsSync(dir)) throw new DatasetError(`There is no folder ${dir}`);
  const path = join(dir, DATASET_FILES.report);
  if (!existsSync(path)) {
    const hint =
      findCsv(dir, 'X') !== null
        ? 'it is a catalogue: make a data set of it with create-dataset first'
        : existsSync(join(dir, DATASET_FILES.images))
          ? 'it was not finished: run create-dataset again'
          : 'make one with create-dataset';
    throw new DatasetError(`${dir} is not a complete data set (${DATASET_FILES.report} is missing); ${hint}`);
  }
  const report = parseReport(await readFile(path, 'utf8'));
  if (report?.schemaVersion !== 1 || !Array.isArray(report.categories) || !report.digest || !report.counts) {
    throw new DatasetError(`${path} was not written by create-dataset`);
  }
  return report;
}

function parseReport(text: string): DatasetReport | null {
  try {
    return JSON.parse(text) as DatasetReport | null;
  } catch {
    return null;
  }
}

async function readPart(
  dir: string,
  xName: string,
  yName: string,
  positions: Map<number, number>,
  images: ReadonlySet<string>,
): Promise<DatasetRow[]> {
  const products = await readTable(join(dir, xName), PRODUCT_COLUMNS);
  const targets = await readTable(join(dir, yName), [TARGET_COLUMN]);
  if (products.length !== targets.length) {
    throw new DatasetError(`${xName} has ${products.length} rows but ${yName} has ${targets.length}`);
  }
  return products.map((product, i) => {
    const target = targets[i] as (typeof targets)[number];
    const label = positions.get(Number(target.values[0]));
    if (product.index !== target.index || label === undefined) {
      throw new DatasetError(`${xName} and ${yName} of ${dir} do not fit together at row ${i + 1}`);
    }
    const [designation, description, productId, imageId] = product.values as [string, string, string, string];
    const stem = imageStem({ imageId, productId });
    const image = stem === null ? null : preparedName(stem);
    return {
      index: product.index,
      designation,
      description: description === '' ? null : description,
      productId,
      imageId: imageId === '' ? null : imageId,
      imagePath: image !== null && images.has(image) ? join(dir, DATASET_FILES.images, image) : null,
      label,
    };
  });
}

/** Index and values of the named columns of each record. */
async function readTable(
  path: string,
  names: readonly string[],
): Promise<{ index: string; values: string[] }[]> {
  if (!existsSync(path)) throw new DatasetError(`${path} is missing; run create-dataset again`);
  const records = readCsv(path);
  const header = await records.next();
  const columns = locateColumns(header.done ? [] : header.value, names);
  if (columns.missing.length > 0) {
    throw new DatasetError(`${path} has no column ${columns.missing.join(', ')}; run create-dataset again`);
  }
  const rows: { index: string; values: string[] }[] = [];
  for await (const record of records) {
    rows.push({
      index: columns.index(record) ?? String(rows.length),
      values: names.map((name) => columns.get(record, name)),
    });
  }
  return rows;
}

function checkCounts({ dir, train, test }: Dataset, { counts }: DatasetReport): void {
  const images = [...train, ...test].filter(({ imagePath }) => imagePath !== null).length;
  const found = { train: train.length, test: test.length, images };
  for (const [name, count] of Object.entries(found)) {
    const expected = counts[name as keyof typeof found];
    if (count !== expected) {
      const message = `${dir} has ${count} ${name} where its report counts ${expected}`;
      throw new DatasetError(`${message}; run create-dataset again`);
    }
  }
}
