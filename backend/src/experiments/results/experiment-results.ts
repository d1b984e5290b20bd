import type { ArmCounts } from '../../catalog/time-to-sell/arm-outcomes.js';
import type { Estimate } from '../statistics/arm-tally.js';
import type { Decision } from '../statistics/decide-winner.js';
import type { Comparison } from '../statistics/score-board.js';
import type { ExperimentArm } from '../entities/experiment-arm.entity.js';
import type { Experiment } from '../entities/experiment.entity.js';

/** What one arm has done so far. */
export interface ArmResults extends Pick<ArmCounts, 'predictions' | 'products' | 'fallbacks'> {
  arm: ExperimentArm;
  /** Products with an outcome that counts. */
  outcomes: number;
  logLoss: Estimate;
  accuracy: Estimate;
  brier: Estimate;
}

/** What an experiment has shown so far. */
export interface ExperimentResults extends Decision {
  experiment: Experiment;
  arms: ArmResults[];
  comparisons: Comparison[];
}
