import type { SparseRow } from '@vitrine/inference/features';
import type { FeatureSpace } from './feature-space.js';

/** What a member is fitted on. */
export interface MemberTask {
  space: FeatureSpace;
  /** Rows of the corpus to fit on. */
  rows: Int32Array;
  /** Class of every row of the corpus. */
  labels: Int32Array;
  classes: number;
  maxPasses: number;
  seed: number;
  /** Called after each pass; true ends the fit there. */
  afterPass(pass: PassReport): boolean;
}

/** A pass over the rows. */
export interface PassReport {
  /** From 1. */
  pass: number;
  /** Mean training loss during the pass, in the member's own measure. */
  trainLoss: number;
  /** The member as it is now. */
  member: LinearMember;
}

/** A fitted linear classifier over the columns of a feature space. */
export interface LinearMember {
  /** Features that it reads of a row. */
  featuresOf(space: FeatureSpace, row: number): SparseRow;
  /** Writes one logit a class. */
  logits(features: SparseRow, out: Float64Array): void;
  /**
   * The member as one piece in memory that threads share: the bias, then its weights of each column, row-major
   * [(1 + columns) × classes]. The last columns may be missing where it reads none of them.
   */
  flatten(): Float32Array;
}

/** Fits one kind of member. */
export type FitMember = (task: MemberTask) => LinearMember;

/** Zeros for a flattened member. */
export function flatWeights(columns: number, classes: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * (1 + columns) * classes));
}
