import type { Calibration, Modality, ProcessorSpec } from '@vitrine/inference';
import type { Dataset } from '../datasets/dataset.js';
import type { Progress } from '../cli/progress.js';

/** Flags that every trainer has (`--help` tells their meaning). */
export interface TrainOptions {
  inputDir: string;
  outputDir: string;
  batchSize: number;
  epochs: number;
  trainPatience: number;
  seed: number;
  /** Train on at most this many rows (stratified), for a quick try. */
  limitRows?: number;
  /** Share of right answers that the abstention threshold is chosen for, in (0, 1). */
  abstainPrecision?: number;
}

/** What a trainer is given. It writes nothing outside `modelDir` and `checkpointDir`. */
export interface TrainContext<O extends TrainOptions = TrainOptions> {
  dataset: Dataset;
  options: O;
  /** The package under construction: the trainer puts its network and processor files here. */
  modelDir: string;
  /** Survives an interruption; emptied after success. Bound to this data set and these options. */
  checkpointDir: string;
  progress: Progress;
  /** One row of `history.csv`; also logged to the run with `epoch` as its step. */
  logEpoch(epoch: number, metrics: Record<string, number>): Promise<void>;
  /** Aborted on Ctrl-C. */
  signal: AbortSignal;
}

/**
 * Predictions for training rows by models that had not seen them. Calibration, the abstention threshold and the
 * fusion head are fitted on these.
 */
export interface HeldOutPredictions {
  /** Positions in `dataset.train`, ascending. */
  rows: Int32Array;
  /** Calibrated probabilities, row-major [rows.length × categories.length]. */
  probabilities: Float32Array;
}

/** What a trainer returns; the runner evaluates, packages, logs and registers it. */
export interface TrainedModel {
  processors: ProcessorSpec[];
  network: ProcessorSpec;
  /** The threshold is chosen by the runner from the held-out predictions. */
  calibration: Omit<Calibration, 'abstentionThreshold' | 'abstention'>;
  heldOut: HeldOutPredictions;
  /** Resolved settings worth logging as parameters of the run. */
  params: Record<string, string | number | boolean>;
}

/** One modality's training. */
export interface Trainer<O extends TrainOptions = TrainOptions> {
  modality: Modality;
  train(context: TrainContext<O>): Promise<TrainedModel>;
}
