import { readFile } from 'node:fs/promises';
import { InputError, prepareSquarePhoto, type SquarePhotoConfig } from '@vitrine/inference';
import pLimit from 'p-limit';
import type { Progress } from '../cli/progress.js';

/** Prepared photos kept in memory; the rest is read again each time. */
const MEMORY_BYTES = 512 * 2 ** 20;
/** Photos read at once. */
const CONCURRENCY = 4;

/** Prepared photos of a training set, reduced to the size that a network computes with. */
export class PhotoSource {
  private readonly kept = new Map<number, Uint8Array>();
  private keptBytes = 0;

  /**
   * @param paths the photos, by position
   * @param reduction squares of this side become one pixel, their mean
   */
  constructor(
    private readonly paths: readonly string[],
    private readonly config: SquarePhotoConfig,
    private readonly reduction: number,
  ) {}

  /** Side of the photos that `read` gives. */
  get size(): number {
    return Math.floor(this.config.size / this.reduction);
  }

  /** Reads every photo once. @returns positions of those that can be read; others are reported */
  async check(progress: Progress, signal: AbortSignal): Promise<number[]> {
    const task = progress.task('Reading photos', this.paths.length);
    const limit = pLimit(CONCURRENCY);
    const positions = Array.from(this.paths, (_, i) => i);
    const readable = await limit.map(positions, async (i) => {
      signal.throwIfAborted();
      try {
        await this.read(i);
        return true;
      } catch (error) {
        if (!(error instanceof InputError) && (error as NodeJS.ErrnoException).code === undefined)
          throw error;
        progress.warn(`${this.paths[i]}: ${(error as Error).message}; its row is left out`);
        return false;
      } finally {
        task.advance();
      }
    });
    task.finish();
    return positions.filter((i) => readable[i]);
  }

  /** Interleaved RGB [size × size × 3] of one photo. */
  async read(position: number): Promise<Uint8Array> {
    const kept = this.kept.get(position);
    if (kept) return kept;
    const bytes = await readFile(this.paths[position] as string);
    const { pixels } = await prepareSquarePhoto(bytes, this.config);
    const reduced = reduce(pixels, this.config.size, this.reduction);
    if (this.keptBytes + reduced.length <= MEMORY_BYTES) {
      this.kept.set(position, reduced);
      this.keptBytes += reduced.length;
    }
    return reduced;
  }
}

function reduce(pixels: Uint8Array, size: number, factor: number): Uint8Array {
  if (factor === 1) return pixels;
  const side = Math.floor(size / factor);
  const reduced = new Uint8Array(side * side * 3);
  for (let y = 0, to = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let c = 0; c < 3; c++, to++) {
        let sum = 0;
        for (let dy = 0; dy < factor; dy++) {
          const row = (y * factor + dy) * size + x * factor;
          for (let dx = 0; dx < factor; dx++) sum += pixels[(row + dx) * 3 + c] as number;
        }
        reduced[to] = Math.round(sum / (factor * factor));
      }
    }
  }
  return reduced;
}
