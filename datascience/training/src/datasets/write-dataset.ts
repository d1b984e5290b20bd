import { join } from 'node:path';
import { fileHolds, writeFileAtomically } from './atomic-write.js';
import { CATEGORY_COLUMNS, PRODUCT_COLUMNS, TARGET_COLUMN, type CatalogueProduct } from './catalogue.js';
import { formatCsv } from './csv-file.js';
import { DATASET_FILES, removeStaleImages } from './dataset-folder.js';
import type { DatasetReport } from './dataset-report.js';
import { imageStem, preparedName } from './image-names.js';
import { preparedSha256, type ImageStep } from './prepare-images.js';
import type { Split } from './stratified-split.js';

/** Writes what differs from what is there: tables first, the report last, each whole or not at all. */
export async function writeDataset(
  dir: string,
  report: DatasetReport,
  usable: CatalogueProduct[],
  split: Split,
  step: ImageStep,
): Promise<void> {
  const withPhoto = usable.filter((product) => preparedSha256(product, step) !== null);
  await removeStaleImages(
    dir,
    new Set(withPhoto.map((product) => preparedName(imageStem(product) as string))),
  );
  const x = (part: number[]) =>
    formatCsv(
      ['', ...PRODUCT_COLUMNS],
      part.map((row) => {
        const { index, designation, description, productId, imageId } = usable[row] as CatalogueProduct;
        return [index, designation, description, productId, imageId];
      }),
    );
  const y = (part: number[]) =>
    formatCsv(
      ['', TARGET_COLUMN],
      part.map((row) => {
        const { index, categoryId } = usable[row] as CatalogueProduct;
        return [index, String(categoryId)];
      }),
    );
  const categories = report.categories.map(({ id, label }) => [String(id), label]);
  const contents: [string, string][] = [
    [DATASET_FILES.xTrain, x(split.train)],
    [DATASET_FILES.yTrain, y(split.train)],
    [DATASET_FILES.xTest, x(split.test)],
    [DATASET_FILES.yTest, y(split.test)],
    [DATASET_FILES.categories, formatCsv(CATEGORY_COLUMNS, categories)],
    [DATASET_FILES.report, `${JSON.stringify(report, null, 2)}\n`],
  ];
  for (const [name, text] of contents) {
    const path = join(dir, name);
    if (await fileHolds(path, text)) continue;
    await step.beforeChange();
    await writeFileAtomically(path, text);
  }
}
