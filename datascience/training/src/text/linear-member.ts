import type { SparseRow } from '@vitrine/inference';
import type { FeatureSpace } from './feature-space.js';
import type { Pace } from './pace.js';

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
  pace: Pace;
  /** Called after each pass; true ends the fit there. */
  afterPass(pass: PassReport): Promise<boolean>;
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
   * Adds `factor` times its weights to a matrix, row-major [columns × classes], and to a bias [classes]: a sum of
   * linear members is one linear classifier.
   */
  addTo(matrix: Float32Array, bias: Float32Array, factor: number): void;
}

/** Fits one kind of member. */
export type FitMember = (task: MemberTask) => Promise<LinearMember>;
