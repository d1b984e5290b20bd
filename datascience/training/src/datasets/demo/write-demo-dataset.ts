import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Category } from '@vitrine/inference';
import { Random } from '../../common/random.js';
import type { Progress } from '../../cli/progress.js';
import { fileHolds, PARTIAL_SUFFIX, writeFileAtomically } from '../atomic-write.js';
import { CATEGORY_COLUMNS, PRODUCT_COLUMNS, TARGET_COLUMN } from '../catalogue.js';
import { formatCsv } from '../csv-file.js';
import { DatasetError } from '../dataset-error.js';
import { imageStem, listFiles } from '../image-names.js';
import { composeText, type ProductText } from './compose-text.js';
import { demoCategories } from './demo-categories.js';
import type { DemoCategory } from './demo-category.js';
import { drawProduct } from './draw-product.js';

export interface DemoDatasetOptions {
  outputDir: string;
  /** Products over all categories; each category gets two at least. */
  products: number;
  seed: number;
  /** Replace a demo catalogue of other options. */
  overwrite: boolean;
}

/** What was written. */
export interface DemoDataset {
  products: number;
  images: number;
  categories: Category[];
}

interface DemoProduct extends ProductText {
  category: DemoCategory;
  productId: string;
  imageId: string;
  /** Seed of its drawing; null where it has none. */
  imageSeed: number | null;
}

/** Written first: whose folder this is, and of which options. */
const OWNER_FILE = '.vitrine-demo.json';
const IMAGES_DIR = 'images';
const TABLE_FILES = ['X.csv', 'y.csv', 'categories.csv'];
const WITHOUT_IMAGE_SHARE = 0.05;
const FIRST_PRODUCT_ID = 700_000_000;
const FIRST_IMAGE_ID = 800_000_000;

/**
 * Writes a synthetic catalogue in the challenge layout. The same options give the same bytes; an interrupted run goes
 * on where it stopped.
 *
 * @throws DatasetError where the folder holds something else
 */
export async function writeDemoDataset(
  options: DemoDatasetOptions,
  progress: Progress,
): Promise<DemoDataset> {
  await openFolder(options);
  const products = composeProducts(options.products, options.seed);
  const images = await writeImages(products, options.outputDir, progress);
  await writeTables(products, options.outputDir);
  const categories = demoCategories.map(({ id, label }) => ({ id, label }));
  progress.info(
    `Demo catalogue: ${products.length} products in ${categories.length} categories, ${images} with a photo`,
  );
  return { products: products.length, images, categories };
}

async function openFolder({ outputDir, products, seed, overwrite }: DemoDatasetOptions): Promise<void> {
  const owner = JSON.stringify({ products, seed });
  const ownerPath = join(outputDir, OWNER_FILE);
  const names = (await listFiles(outputDir)).filter((name) => !name.endsWith(PARTIAL_SUFFIX));
  if (names.length > 0 && !(await fileHolds(ownerPath, owner))) {
    if (!names.includes(OWNER_FILE)) {
      throw new DatasetError(`${outputDir} is not empty and not a demo catalogue: choose another folder`);
    }
    if (!overwrite) {
      throw new DatasetError(
        `${outputDir} holds a demo catalogue of other options: pass --overwrite to replace it`,
      );
    }
  }
  if (overwrite) await removeCatalogue(outputDir);
  await mkdir(outputDir, { recursive: true });
  await writeFileAtomically(ownerPath, owner);
  await mkdir(join(outputDir, IMAGES_DIR), { recursive: true });
}

/** Deletes what a demo catalogue consists of and nothing else. */
async function removeCatalogue(dir: string): Promise<void> {
  for (const name of TABLE_FILES) await rm(join(dir, name), { force: true });
  for (const name of await listFiles(join(dir, IMAGES_DIR))) {
    if (/^image_\d+_product_\d+\.jpg$/.test(name)) await rm(join(dir, IMAGES_DIR, name));
  }
}

/** Products of all categories in random order; large categories have about twice the rows of small ones. */
function composeProducts(count: number, seed: number): DemoProduct[] {
  const random = new Random(seed);
  const byId = new Map(demoCategories.map((category) => [category.id, category]));
  const products = demoCategories.flatMap((category, k) => {
    const neighbours = category.neighbours.map((id) => byId.get(id) as DemoCategory);
    return dealPhrases(category.products, shareOf(count, k), random).map((phrase) => ({
      category,
      ...composeText(category, phrase, neighbours, random),
      imageSeed: random.next() < WITHOUT_IMAGE_SHARE ? null : random.uint32(),
    }));
  });
  return random.shuffle(products).map((product, i) => ({
    ...product,
    productId: String(FIRST_PRODUCT_ID + i),
    imageId: String(FIRST_IMAGE_ID + i),
  }));
}

/** Rows of the k-th category: weights from 0.7 to 1.3 over the categories, in an order that mixes them. */
function shareOf(count: number, k: number): number {
  const n = demoCategories.length;
  const weight = 0.7 + (0.6 * ((k * 10) % n)) / (n - 1);
  return Math.max(2, Math.round((count * weight) / n));
}

/** Each phrase once before any comes again. */
function dealPhrases(phrases: readonly string[], count: number, random: Random): string[] {
  const dealt: string[] = [];
  while (dealt.length < count) dealt.push(...random.shuffle([...phrases]));
  return dealt.slice(0, count);
}

async function writeImages(products: DemoProduct[], dir: string, progress: Progress): Promise<number> {
  const imagesDir = join(dir, IMAGES_DIR);
  const present = new Set(await listFiles(imagesDir));
  const wanted = products.filter(({ imageSeed }) => imageSeed !== null);
  const missing = wanted.filter((product) => !present.has(imageName(product)));
  if (missing.length > 0) {
    const limit = pLimit(availableParallelism() + 1);
    const task = progress.task('Drawing photos', missing.length);
    await limit.map(missing, async (product) => {
      const { id, neighbours } = product.category;
      const jpeg = await drawProduct(id, neighbours, new Random(product.imageSeed as number));
      await writeFileAtomically(join(imagesDir, imageName(product)), jpeg);
      task.advance();
    });
    task.finish();
  }
  return wanted.length;
}

function imageName(product: DemoProduct): string {
  return `${imageStem(product)}.jpg`;
}

async function writeTables(products: DemoProduct[], dir: string): Promise<void> {
  const x = products.map(({ designation, description, productId, imageId }, i) => [
    String(i),
    designation,
    description,
    productId,
    imageId,
  ]);
  const y = products.map(({ category }, i) => [String(i), String(category.id)]);
  const categories = demoCategories.map(({ id, label }) => [String(id), label]);
  await writeFileAtomically(join(dir, 'categories.csv'), formatCsv(CATEGORY_COLUMNS, categories));
  await writeFileAtomically(join(dir, 'y.csv'), formatCsv(['', TARGET_COLUMN], y));
  await writeFileAtomically(join(dir, 'X.csv'), formatCsv(['', ...PRODUCT_COLUMNS], x));
}
