import type { Progress } from '../cli/progress.js';
import type { EnsembleMember } from './ensemble.js';
import type { FitCheckpoints } from './fit-checkpoints.js';
import type { FitData } from './fit-job.js';
import type { FitPool } from './fit-pool.js';

/** What every step of a training shares. */
export interface TextTask extends FitData {
  members: EnsembleMember[];
  epochs: number;
  patience: number;
  seed: number;
  pool: FitPool;
  checkpoints: FitCheckpoints;
  progress: Progress;
  logEpoch(epoch: number, metrics: Record<string, number>): Promise<void>;
}
