import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** A tensor on disk. */
export interface SavedTensor {
  name: string;
  shape: number[];
  data: Float32Array;
}

/**
 * A network's training after an epoch. Random numbers are drawn anew from seed and epoch in each epoch, so the epoch
 * says where they stand.
 */
export interface TrainingState {
  /** Finished epochs. */
  epoch: number;
  learningRate: number;
  /** Epochs since the validation loss last improved, and since the rate last changed. */
  stale: number;
  staleAtRate: number;
  bestLoss: number;
  weights: SavedTensor[];
  bestWeights: SavedTensor[];
  optimizer: SavedTensor[];
  history: Record<string, number>[];
}

/** Writes a state, replacing the one before only when it is whole. */
export async function saveState(dir: string, name: string, state: unknown): Promise<void> {
  const path = join(dir, name);
  await writeFile(`${path}.partial`, serialize(state));
  await rename(`${path}.partial`, path);
}

/** The state of an interrupted training, or null where there is none or it cannot be read. */
export async function readState<T>(dir: string, name: string): Promise<T | null> {
  try {
    return deserialize(await readFile(join(dir, name))) as T;
  } catch {
    return null;
  }
}
