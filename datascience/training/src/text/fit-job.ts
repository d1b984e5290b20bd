import type { Corpus } from './corpus.js';
import type { EnsembleMember } from './ensemble.js';
import type { FitRecord } from './fit-checkpoints.js';

/** What all fits of a training share; its arrays are in memory that threads share. */
export interface FitData {
  corpus: Corpus;
  /** Class of every row of the corpus. */
  labels: Int32Array;
  classes: number;
}

/** A member to fit on some rows of the corpus. */
export interface FitJob {
  member: EnsembleMember;
  repeats: number;
  /** Names the rows below: jobs of the same rows share their features. */
  fold: string;
  rows: Int32Array;
  /** Rows to give logits of; none for the final fit, which gives the member itself. */
  heldOut: Int32Array;
  /** Before the names of the measures of each pass; null keeps none. */
  label: string | null;
  maxPasses: number;
  /** Passes without a lower loss on the rows held out that end a bag's fit; a convex member ends by itself. */
  patience: number;
  seed: number;
}

/** A fit that came to its end. */
export interface FitResult {
  /** Logits of the rows held out, row-major [rows × classes], or the flattened member. */
  values: Float32Array;
  record: FitRecord;
}
