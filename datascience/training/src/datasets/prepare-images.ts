import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import {
  encodePreparedPhoto,
  InputError,
  prepareSquarePhoto,
  type SquarePhotoConfig,
} from '@vitrine/inference';
import type { Progress } from '../cli/progress.js';
import { writeFileAtomically } from './atomic-write.js';
import type { CatalogueProduct } from './catalogue.js';
import type { ImageJournal, JournalEntry } from './image-journal.js';
import { imageStem, listFiles, preparedName } from './image-names.js';
import type { ProblemLog } from './problems.js';

/** What the photos of a catalogue are prepared with and where they go. */
export interface ImageStep {
  /** Source photos by name without extension. */
  sources: Map<string, string>;
  /** Folder of the prepared ones. */
  outputDir: string;
  journal: ImageJournal;
  config: SquarePhotoConfig;
  problems: ProblemLog;
  progress: Progress;
  /** Called before the first file is written. */
  beforeChange(): Promise<void>;
}

/** Photos prepared now, and those that were ready. */
export interface ImageCounts {
  prepared: number;
  ready: number;
}

/** Photos more than cores: reading and writing one overlaps with computing another. */
const EXTRA_PHOTOS = 1;

/**
 * Prepares the photos of products, several at a time, skipping those that are ready. A photo that cannot be read is
 * reported.
 */
export async function prepareImages(
  products: readonly CatalogueProduct[],
  step: ImageStep,
): Promise<ImageCounts> {
  const wanted = products.filter((product) => step.sources.has(imageStem(product) ?? ''));
  const present = new Set(await listFiles(step.outputDir));
  const counts: ImageCounts = { prepared: 0, ready: 0 };
  if (wanted.length === 0) return counts;
  const limit = pLimit(availableParallelism() + EXTRA_PHOTOS);
  const task = step.progress.task('Preparing images', wanted.length);
  const failures: unknown[] = [];
  await limit.map(wanted, async (product) => {
    // After a failure the photos under way are finished, and no other is begun.
    if (failures.length > 0) return;
    try {
      const outcome = await prepareOne(product, present, step);
      if (outcome.entry.refusal) reportRefusal(product, outcome.entry.refusal, step.problems);
      else counts[outcome.ready ? 'ready' : 'prepared']++;
      task.advance();
    } catch (error) {
      failures.push(error);
    }
  });
  task.finish();
  if (failures.length > 0) throw failures[0];
  return counts;
}

/** SHA-256 (hex) of the source of a product's prepared photo; null where it has none. */
export function preparedSha256(
  product: CatalogueProduct,
  { sources, journal }: Pick<ImageStep, 'sources' | 'journal'>,
): string | null {
  const stem = imageStem(product);
  if (stem === null || !sources.has(stem)) return null;
  const entry = journal.get(stem);
  return entry?.refusal === null ? entry.sha256 : null;
}

async function prepareOne(
  product: CatalogueProduct,
  present: ReadonlySet<string>,
  step: ImageStep,
): Promise<{ entry: JournalEntry; ready: boolean }> {
  const stem = imageStem(product) as string;
  const source = step.sources.get(stem) as string;
  const { size, mtimeMs } = await stat(source);
  const known = step.journal.get(stem);
  const complete = known && (known.refusal !== null || present.has(preparedName(stem))) ? known : undefined;
  if (complete && complete.size === size && complete.mtimeMs === mtimeMs)
    return { entry: complete, ready: true };

  const bytes = await readFile(source);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const same = complete?.sha256 === sha256;
  const entry: JournalEntry = {
    stem,
    size,
    mtimeMs,
    sha256,
    refusal: same ? complete.refusal : await writePrepared(bytes, stem, step),
  };
  await step.journal.add(entry);
  return { entry, ready: same };
}

async function writePrepared(
  bytes: Uint8Array,
  stem: string,
  step: ImageStep,
): Promise<JournalEntry['refusal']> {
  await step.beforeChange();
  try {
    const { pixels } = await prepareSquarePhoto(bytes, step.config);
    const png = await encodePreparedPhoto(pixels, step.config);
    await writeFileAtomically(join(step.outputDir, preparedName(stem)), png);
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { code: error.code as NonNullable<JournalEntry['refusal']>['code'], message: error.message };
  }
}

function reportRefusal(
  product: CatalogueProduct,
  refusal: NonNullable<JournalEntry['refusal']>,
  problems: ProblemLog,
): void {
  const message = `${imageStem(product)}: ${refusal.message}`;
  problems.add({ code: refusal.code, file: 'X.csv', row: product.row, message });
}
