import { createHash } from 'node:crypto';
import type { Category } from '@vitrine/inference';
import type { Catalogue, CatalogueProduct } from './catalogue.js';
import type { DatasetIdentity } from './dataset-folder.js';
import { imageStem } from './image-names.js';
import { preparedSha256, type ImageStep } from './prepare-images.js';
import type { Problem, ProblemCode, ProblemLog } from './problems.js';
import type { Split } from './stratified-split.js';

/** `report.json`: written last, so a folder that has it is complete. The same inputs and options give the same bytes. */
export interface DatasetReport {
  schemaVersion: 1;
  /** SHA-256 (hex) of categories, rows and source photos, wherever they lie. */
  digest: string;
  /** The same of the test rows alone. */
  testDigest: string;
  options: Pick<DatasetIdentity, 'trainSize' | 'testSize' | 'seed'>;
  counts: DatasetCounts;
  categories: (Category & { train: number; test: number })[];
  problems: { total: number; counts: Partial<Record<ProblemCode, number>>; list: Problem[] };
}

interface DatasetCounts {
  /** Records of `X.csv`. */
  rows: number;
  train: number;
  test: number;
  /** Records with a problem that leaves no use for them. */
  leftOut: number;
  /** Usable rows in neither part, where the fractions sum to less than 1. */
  notDrawn: number;
  /** Rows of both parts without a description. */
  withoutDescription: number;
  /** Prepared photos of both parts. */
  images: number;
  /** Rows of both parts without a photo, for whatever reason. */
  withoutImage: number;
  /** Among them: rows whose `imageid` names a photo that is not there. */
  imagesNotFound: number;
}

/** A row of one part with the identity of its photo. */
interface DigestRow {
  product: CatalogueProduct;
  /** SHA-256 of the source photo, or null without one that was prepared. */
  imageSha256: string | null;
}

/** SHA-256 (hex) of rows in order. */
function digestRows(rows: readonly DigestRow[]): string {
  const hash = createHash('sha256');
  for (const { product, imageSha256 } of rows) {
    const { index, designation, description, productId, imageId, categoryId } = product;
    const line = [index, designation, description, productId, imageId, categoryId, imageSha256];
    hash.update(`${JSON.stringify(line)}\n`);
  }
  return hash.digest('hex');
}

/** SHA-256 (hex) of a whole data set. */
function digestDataset(categories: readonly Category[], trainDigest: string, testDigest: string): string {
  const pairs = categories.map(({ id, label }) => [id, label]);
  return createHash('sha256')
    .update(JSON.stringify([pairs, trainDigest, testDigest]))
    .digest('hex');
}

/** What a report is made from. */
export interface ReportInput {
  catalogue: Catalogue;
  usable: CatalogueProduct[];
  split: Split;
  step: ImageStep;
  options: DatasetReport['options'];
  problems: ProblemLog;
}

/** Counts and identifies a data set; a category without a label is reported on the way. */
export function buildReport({
  catalogue,
  usable,
  split,
  step,
  options,
  problems,
}: ReportInput): DatasetReport {
  const rowsOf = (part: number[]): DigestRow[] =>
    part.map((row) => {
      const product = usable[row] as CatalogueProduct;
      return { product, imageSha256: preparedSha256(product, step) };
    });
  const train = rowsOf(split.train);
  const test = rowsOf(split.test);
  const drawn = [...train, ...test];
  const categories = nameCategories(usable, catalogue.labels, problems);
  const countOf = (rows: DigestRow[], id: number) =>
    rows.filter(({ product }) => product.categoryId === id).length;
  const images = drawn.filter(({ imageSha256 }) => imageSha256 !== null).length;
  const notFound = drawn.filter(({ product }) => {
    const stem = imageStem(product);
    return stem !== null && !step.sources.has(stem);
  });
  const testDigest = digestRows(test);
  const { trainSize, testSize, seed } = options;
  const list = problems.list();
  return {
    schemaVersion: 1,
    digest: digestDataset(categories, digestRows(train), testDigest),
    testDigest,
    options: { trainSize, testSize, seed },
    counts: {
      rows: catalogue.rowCount,
      train: train.length,
      test: test.length,
      leftOut: catalogue.rowCount - usable.length,
      notDrawn: usable.length - drawn.length,
      withoutDescription: drawn.filter(({ product }) => product.description.trim() === '').length,
      images,
      withoutImage: drawn.length - images,
      imagesNotFound: notFound.length,
    },
    categories: categories.map(({ id, label }) => ({
      id,
      label,
      train: countOf(train, id),
      test: countOf(test, id),
    })),
    problems: { total: list.length, counts: problems.counts(), list },
  };
}

/** The categories that have rows, by id; one without a label is called by its id. */
function nameCategories(
  products: CatalogueProduct[],
  labels: Map<number, string>,
  problems: ProblemLog,
): Category[] {
  const first = new Map<number, CatalogueProduct>();
  for (const product of products) {
    if (!first.has(product.categoryId)) first.set(product.categoryId, product);
  }
  return [...first.entries()]
    .sort(([a], [b]) => a - b)
    .map(([id, { row }]) => {
      const label = labels.get(id) || String(id);
      if (labels.size > 0 && !labels.get(id)) {
        const message = `categories.csv has no label for category ${id}`;
        problems.add({ code: 'category-unlabelled', file: 'X.csv', row, message });
      }
      return { id, label };
    });
}
