import type { SaleClass } from '../sale-class.js';

/** Whether a prediction was answered or only stored beside the answer. */
export type PredictionRole = 'answer' | 'shadow';

/** How much one arm has predicted. */
export interface ArmCounts {
  armId: string;
  role: PredictionRole;
  /** Predictions that the arm's own snapshot made. */
  predictions: number;
  /** Products among them. */
  products: number;
  /** Products among them whose outcome is known. */
  outcomes: number;
  /** Predictions that production had to make in the arm's stead; they are in none of the figures above. */
  fallbacks: number;
}

/** What became of a product that an arm had predicted. */
export interface ArmOutcome {
  armId: string;
  role: PredictionRole;
  snapshotId: string;
  productId: number;
  /** What the arm's snapshot said of classes 0, 1 and 2. */
  probabilities: readonly [number, number, number];
  /** What it was. */
  realClass: SaleClass;
  predictedAt: Date;
  /** When the outcome was reported, or last corrected. */
  reportedAt: Date;
}

/**
 * Predictions of an experiment's arms beside what became of the products. A product counts once for an arm, with the
 * first prediction that the arm's own snapshot made of it, and only where that came before the outcome.
 */
export abstract class ArmOutcomes {
  /** One row an arm and role that has predicted anything. */
  abstract countByArm(experimentId: string): Promise<ArmCounts[]>;

  /** Every outcome in the order of its report, read in parts: any number of them takes little memory. */
  abstract streamOutcomes(experimentId: string): AsyncIterable<ArmOutcome>;
}
