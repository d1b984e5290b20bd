import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  InputError,
  OnnxNetwork,
  prepareSquarePhoto,
  SQUARE_PHOTO_KIND,
  SQUARE_PHOTO_VERSION,
  SYMMETRIC_UNIT,
  writeNchw,
  type SquarePhotoConfig,
} from '@vitrine/inference';
import pLimit from 'p-limit';
import type { Progress } from '../cli/progress.js';
import type { Backbone } from './backbone.js';
import { FeatureCache } from './feature-cache.js';
import type { FeatureMatrix } from './logistic-regression.js';
import { exportOnnx } from './onnx-export.js';
import { appendPooling, POOLING } from './pooled-head.js';

/** What features are computed with. */
export interface FeatureOptions {
  backbone: Backbone;
  photo: SquarePhotoConfig;
  /** Also of the photo seen in a mirror. */
  mirrored: boolean;
  cacheDir: string;
  progress: Progress;
  signal: AbortSignal;
}

/** Features of photos: of photo i in row i and, where asked for, of its mirror image in row n + i. */
export interface PhotoFeatures {
  features: FeatureMatrix;
  /** Which photos could be read, in the order of the matrix; others were reported. */
  readable: number[];
}

/** Photos run through the network at once, and such batches under way: one is read while another is computed. */
const BATCH_SIZE = 8;
const BATCHES_UNDER_WAY = 2;

/** Computes, or finds in the cache, the pooled features of photos under a frozen backbone. */
export async function computeFeatures(
  paths: readonly string[],
  options: FeatureOptions,
): Promise<PhotoFeatures> {
  const { cacheDir, progress } = options;
  const file = join(cacheDir, `backbone-${options.backbone.hash.slice(0, 16)}.${process.pid}.onnx`);
  await mkdir(cacheDir, { recursive: true });
  await writeFile(file, exportOnnx(appendPooling(options.backbone.model)));
  const network = await OnnxNetwork.open(file, { intraOpNumThreads: 2 });
  const task = progress.task('Photo features', paths.length);
  try {
    const { size } = options.photo;
    const width = (await network.run(new Float32Array(3 * size * size), [1, 3, size, size])).length;
    const cache = await openCache(options, width);
    await cache.prune();
    const extractor = new FeatureExtractor(network, cache, width, options);
    const limit = pLimit(BATCHES_UNDER_WAY);
    const batches = Array.from({ length: Math.ceil(paths.length / BATCH_SIZE) }, (_, i) =>
      paths.slice(i * BATCH_SIZE, (i + 1) * BATCH_SIZE),
    );
    const vectors = await limit.map(batches, async (batch) => {
      options.signal.throwIfAborted();
      const found = await extractor.extract(batch);
      task.advance(batch.length);
      return found;
    });
    return assemble(vectors.flat(), width, options.mirrored);
  } finally {
    task.finish();
    await network.dispose();
    await rm(file, { force: true });
  }
}

async function openCache(
  { backbone, photo, mirrored, cacheDir }: FeatureOptions,
  width: number,
): Promise<FeatureCache> {
  const space = JSON.stringify([
    backbone.hash,
    [backbone.cut.output, backbone.enlargedSize],
    `${SQUARE_PHOTO_KIND}/${SQUARE_PHOTO_VERSION}`,
    photo,
    POOLING,
    mirrored,
  ]);
  const name = createHash('sha256').update(space).digest('hex').slice(0, 16);
  return new FeatureCache(join(cacheDir, 'features'), name, mirrored ? 2 * width : width);
}

class FeatureExtractor {
  constructor(
    private readonly network: OnnxNetwork,
    private readonly cache: FeatureCache,
    private readonly width: number,
    private readonly options: FeatureOptions,
  ) {}

  /** A vector for each path (of the photo, then of its mirror image), or null where it cannot be read. */
  async extract(paths: readonly string[]): Promise<(Float32Array | null)[]> {
    const files = await Promise.all(paths.map((path) => this.readPhoto(path)));
    const missing = files.filter((file) => file !== null && file.vector === null);
    const prepared = await Promise.all(missing.map((file) => this.prepare(file?.path ?? '', file?.bytes)));
    const readable = missing.flatMap((file, i) => {
      const pixels = prepared[i];
      return file && pixels ? [{ file, pixels }] : [];
    });
    const vectors = await this.run(readable.map(({ pixels }) => pixels));
    for (const [i, { file }] of readable.entries()) {
      file.vector = vectors[i] ?? null;
      if (file.vector) await this.cache.put(file.hash, file.vector);
    }
    return files.map((file) => file?.vector ?? null);
  }

  private async readPhoto(path: string) {
    const bytes = await readFile(path).catch(() => null);
    if (!bytes) {
      this.options.progress.warn(`${path} cannot be read; its row is left out`);
      return null;
    }
    const hash = createHash('sha256').update(bytes).digest('hex');
    return { path, bytes, hash, vector: await this.cache.find(hash) };
  }

  private async prepare(path: string, bytes: Uint8Array | undefined): Promise<Uint8Array | null> {
    try {
      return (await prepareSquarePhoto(bytes ?? new Uint8Array(), this.options.photo)).pixels;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.options.progress.warn(`${path}: ${error.message}; its row is left out`);
      return null;
    }
  }

  private async run(photos: readonly Uint8Array[]): Promise<Float32Array[]> {
    if (photos.length === 0) return [];
    const { size } = this.options.photo;
    const views = this.options.mirrored ? 2 : 1;
    const batch = new Float32Array(photos.length * views * 3 * size * size);
    photos.forEach((pixels, i) => {
      writeNchw(pixels, batch, i * views, SYMMETRIC_UNIT);
      if (views === 2) writeNchw(mirror(pixels, size), batch, i * views + 1, SYMMETRIC_UNIT);
    });
    const output = await this.network.run(batch, [photos.length * views, 3, size, size]);
    const length = views * this.width;
    return photos.map((_, i) => output.slice(i * length, (i + 1) * length));
  }
}

/** The photo with left and right exchanged. */
function mirror(pixels: Uint8Array, size: number): Uint8Array {
  const mirrored = new Uint8Array(pixels.length);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = (y * size + x) * 3;
      const to = (y * size + size - 1 - x) * 3;
      for (let c = 0; c < 3; c++) mirrored[to + c] = pixels[from + c] as number;
    }
  }
  return mirrored;
}

function assemble(
  vectors: readonly (Float32Array | null)[],
  width: number,
  mirrored: boolean,
): PhotoFeatures {
  const readable = vectors.flatMap((vector, i) => (vector ? [i] : []));
  const data = new Float32Array(readable.length * width * (mirrored ? 2 : 1));
  readable.forEach((photo, i) => {
    const vector = vectors[photo] as Float32Array;
    data.set(vector.subarray(0, width), i * width);
    if (mirrored) data.set(vector.subarray(width), (readable.length + i) * width);
  });
  return { features: { data, columns: width }, readable };
}
