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

const FILE = 'network-training.bin';

/** Writes the state, replacing the one before only when it is whole. */
export async function saveTrainingState(dir: string, state: TrainingState): Promise<void> {
  const path = join(dir, FILE);
  await writeFile(`${path}.partial`, serialize(state));
  await rename(`${path}.partial`, path);
}

/** The state of an interrupted training, or null where there is none or it cannot be read. */
export async function readTrainingState(dir: string): Promise<TrainingState | null> {
  try {
    return deserialize(await readFile(join(dir, FILE))) as TrainingState;
  } catch {
    return null;
  }
}
