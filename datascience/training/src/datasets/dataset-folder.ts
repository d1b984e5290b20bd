import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PARTIAL_SUFFIX, writeFileAtomically } from './atomic-write.js';
import type { CatalogueFiles } from './catalogue.js';
import { DatasetError } from './dataset-error.js';
import { listFiles } from './image-names.js';

/** Names within a created data set. */
export const DATASET_FILES = {
  xTrain: 'X_train.csv',
  xTest: 'X_test.csv',
  yTrain: 'y_train.csv',
  yTest: 'y_test.csv',
  categories: 'categories.csv',
  report: 'report.json',
  images: 'images',
} as const;

/** Written first of all: whose folder this is. */
const OWNER_FILE = '.vitrine-dataset.json';
/** Which photos are done. */
export const JOURNAL_FILE = '.images.ndjson';

const PREPARED_NAME = /^image_.*\.png$/;

/** What a data set is made from. The same identity means that a run may go on where another stopped. */
export interface DatasetIdentity {
  trainSize: number;
  testSize: number;
  seed: number;
  /** SHA-256 (hex) by role; photos are compared one by one. */
  inputs: Record<keyof CatalogueFiles, string | null>;
}

/** SHA-256 of the input files. */
export async function hashInputs(files: CatalogueFiles): Promise<DatasetIdentity['inputs']> {
  return {
    products: await hashFile(files.products),
    targets: await hashFile(files.targets),
    categories: files.categories === null ? null : await hashFile(files.categories),
  };
}

/**
 * Checks, changing nothing, that a data set of this identity may be written to a folder: it is empty, missing or
 * already that data set's, or `overwrite` is set and it is another data set's.
 *
 * @throws DatasetError where it may not
 */
export async function checkOutputDir(
  dir: string,
  inputDir: string,
  identity: DatasetIdentity,
  overwrite: boolean,
): Promise<void> {
  const output = resolve(dir);
  const input = resolve(inputDir);
  if (output === input || input.startsWith(output + sep)) {
    throw new DatasetError(`The output folder ${dir} holds the input folder ${inputDir}: choose another one`);
  }
  const names = await listOutput(dir);
  if (names.length === 0) return;
  const owner = await readOwner(dir);
  if (owner === null) {
    throw new DatasetError(`${dir} is not empty and not a created data set: choose another folder`);
  }
  if (!overwrite && owner !== JSON.stringify(identity)) {
    throw new DatasetError(
      `${dir} holds a data set of other inputs or options: pass --overwrite to replace it`,
    );
  }
}

/**
 * Makes a checked folder ready: with `overwrite` what a data set consists of is deleted (and nothing else), what an
 * interrupted run left half-written is deleted always.
 */
export async function openOutputDir(
  dir: string,
  identity: DatasetIdentity,
  overwrite: boolean,
): Promise<void> {
  const imagesDir = join(dir, DATASET_FILES.images);
  await mkdir(dir, { recursive: true });
  if (overwrite) {
    // The report goes first: without it no reader takes the rest for complete.
    const { report, images: _images, ...tables } = DATASET_FILES;
    for (const name of [report, ...Object.values(tables), JOURNAL_FILE])
      await rm(join(dir, name), { force: true });
    await removeMatching(imagesDir, (name) => PREPARED_NAME.test(name));
  }
  await writeFileAtomically(join(dir, OWNER_FILE), JSON.stringify(identity));
  await mkdir(imagesDir, { recursive: true });
  for (const parent of [dir, imagesDir]) await removeMatching(parent, isPartial);
}

/** Deletes prepared photos that no row has any more; other files stay. */
export async function removeStaleImages(dir: string, wanted: ReadonlySet<string>): Promise<void> {
  await removeMatching(
    join(dir, DATASET_FILES.images),
    (name) => PREPARED_NAME.test(name) && !wanted.has(name),
  );
}

async function removeMatching(dir: string, matches: (name: string) => boolean): Promise<void> {
  for (const name of await listFiles(dir)) if (matches(name)) await rm(join(dir, name), { force: true });
}

function isPartial(name: string): boolean {
  return name.endsWith(PARTIAL_SUFFIX);
}

async function listOutput(dir: string): Promise<string[]> {
  try {
    return (await listFiles(dir)).filter((name) => !isPartial(name));
  } catch (error) {
    throw new DatasetError(`${dir} cannot be used as a folder: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function readOwner(dir: string): Promise<string | null> {
  try {
    return await readFile(join(dir, OWNER_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
