import { basename } from 'node:path';
import { cleanId, locateColumns } from './csv-columns.js';
import { findCsv, readCsv } from './csv-file.js';
import { DatasetError } from './dataset-error.js';
import type { ProblemLog } from './problems.js';

/** Columns of `X.csv` besides the index. */
export const PRODUCT_COLUMNS = ['designation', 'description', 'productid', 'imageid'] as const;
/** The column of `y.csv` besides the index. */
export const TARGET_COLUMN = 'prdtypecode';
/** Columns of `categories.csv`. */
export const CATEGORY_COLUMNS = ['category_id', 'label'] as const;

/** A product with its category, as read from the source. */
export interface CatalogueProduct {
  /** The record in `X.csv`, counted from 1 without the header. */
  row: number;
  index: string;
  designation: string;
  description: string;
  productId: string;
  imageId: string;
  categoryId: number;
}

/** Files of a catalogue in the challenge layout. */
export interface CatalogueFiles {
  products: string;
  targets: string;
  categories: string | null;
}

/** What a catalogue holds that can be used. */
export interface Catalogue {
  products: CatalogueProduct[];
  /** Label by category id; empty without `categories.csv`. */
  labels: Map<number, string>;
  /** Records of `X.csv`, those left out included. */
  rowCount: number;
}

/**
 * Finds `X.csv`, `y.csv` and `categories.csv`, each plain or gzipped.
 *
 * @throws DatasetError where `X` or `y` is missing
 */
export function findCatalogueFiles(dir: string): CatalogueFiles {
  const required = (name: string): string => {
    const path = findCsv(dir, name);
    if (path === null) throw new DatasetError(`${dir} holds neither ${name}.csv nor ${name}.csv.gz`);
    return path;
  };
  return { products: required('X'), targets: required('y'), categories: findCsv(dir, 'categories') };
}

/** Reads a catalogue and joins products and targets by index; what cannot be used is reported and left out. */
export async function readCatalogue(files: CatalogueFiles, problems: ProblemLog): Promise<Catalogue> {
  const labels = files.categories === null ? new Map() : await readLabels(files.categories, problems);
  const targets = await readTargets(files.targets, problems);
  const { products, rowCount } = await readProducts(files.products, targets, problems);
  const file = tableName(files.targets);
  for (const [index, { row, used }] of targets) {
    if (used) continue;
    problems.add({ code: 'target-without-product', file, row, message: `no product has the index ${index}` });
  }
  return { products, labels, rowCount };
}

interface Target {
  row: number;
  value: string;
  used: boolean;
}

async function readTargets(path: string, problems: ProblemLog): Promise<Map<string, Target>> {
  const file = tableName(path);
  const targets = new Map<string, Target>();
  const { records, columns } = await openTable(path, [TARGET_COLUMN], problems);
  if (columns.missing.length > 0) throw new DatasetError(`${path} has no column ${TARGET_COLUMN}`);
  for await (const { record, row } of records) {
    const index = columns.index(record) ?? String(row - 1);
    if (targets.has(index)) {
      problems.add({ code: 'index-duplicate', file, row, message: `the index ${index} was seen before` });
    } else {
      targets.set(index, { row, value: cleanId(columns.get(record, TARGET_COLUMN)), used: false });
    }
  }
  return targets;
}

async function readProducts(path: string, targets: Map<string, Target>, problems: ProblemLog) {
  const file = tableName(path);
  const products: CatalogueProduct[] = [];
  const indexes = new Set<string>();
  const productIds = new Set<string>();
  const { records, columns, count } = await openTable(path, PRODUCT_COLUMNS, problems);
  reportMissingColumns(file, columns.missing, problems);
  for await (const { record, row } of records) {
    const index = columns.index(record) ?? String(row - 1);
    if (indexes.has(index)) {
      problems.add({ code: 'index-duplicate', file, row, message: `the index ${index} was seen before` });
      continue;
    }
    indexes.add(index);
    const categoryId = takeTarget(targets.get(index), index, { file, row }, problems);
    if (categoryId === null) continue;
    const productId = cleanId(columns.get(record, 'productid'));
    if (productId !== '' && productIds.has(productId)) {
      problems.add({ code: 'product-duplicate', file, row, message: `product ${productId} was seen before` });
      continue;
    }
    productIds.add(productId);
    products.push({
      row,
      index,
      designation: columns.get(record, 'designation'),
      description: columns.get(record, 'description'),
      productId,
      imageId: cleanId(columns.get(record, 'imageid')),
      categoryId,
    });
  }
  return { products, rowCount: count() };
}

function takeTarget(
  target: Target | undefined,
  index: string,
  place: { file: string; row: number },
  problems: ProblemLog,
): number | null {
  if (target) target.used = true;
  const value = target?.value ?? '';
  if (value === '') {
    problems.add({ code: 'target-missing', ...place, message: `index ${index} has no ${TARGET_COLUMN}` });
    return null;
  }
  const id = parseCategoryId(value);
  if (id === null) {
    const message = `${TARGET_COLUMN} ${JSON.stringify(value)} is not an integer`;
    problems.add({ code: 'target-invalid', ...place, message });
  }
  return id;
}

async function readLabels(path: string, problems: ProblemLog): Promise<Map<number, string>> {
  const file = tableName(path);
  const labels = new Map<number, string>();
  const { records, columns } = await openTable(path, CATEGORY_COLUMNS, problems);
  reportMissingColumns(file, columns.missing, problems);
  for await (const { record, row } of records) {
    const value = cleanId(columns.get(record, 'category_id'));
    const id = parseCategoryId(value);
    if (id === null || labels.has(id)) {
      const reason = id === null ? 'is not an integer' : 'was seen before';
      const message = `category_id ${JSON.stringify(value)} ${reason}`;
      problems.add({ code: 'category-invalid', file, row, message });
      continue;
    }
    labels.set(id, columns.get(record, 'label').trim());
  }
  return labels;
}

/** Splits a file into its header and its records; those with too many or too few fields are reported and left out. */
async function openTable(path: string, known: readonly string[], problems: ProblemLog) {
  const file = tableName(path);
  const lines = readCsv(path);
  const first = await lines.next();
  if (first.done) throw new DatasetError(`${path} is empty`);
  const header = first.value;
  let row = 0;
  async function* records(): AsyncGenerator<{ record: string[]; row: number }> {
    for await (const record of lines) {
      row++;
      if (record.length === header.length) yield { record, row };
      else {
        const message = `${record.length} fields where the header has ${header.length}`;
        problems.add({ code: 'row-malformed', file, row, message });
      }
    }
  }
  return { columns: locateColumns(header, known), records: records(), count: () => row };
}

function reportMissingColumns(file: string, columns: string[], problems: ProblemLog): void {
  for (const name of columns) {
    problems.add({ code: 'column-missing', file, row: null, message: `there is no column ${name}` });
  }
}

/** How reports call a file, gzipped or not. */
function tableName(path: string): string {
  return basename(path, '.gz');
}

function parseCategoryId(value: string): number | null {
  const id = Number(value);
  return /^-?\d+$/.test(value) && Number.isSafeInteger(id) ? id : null;
}
