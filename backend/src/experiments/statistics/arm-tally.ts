import { Moments } from './moments.js';
import { SCORE_NAMES, type ScoreName, type Scores } from './scores.js';
import { confidenceRadius, MIN_OBSERVATIONS } from './mixture-test.js';

/** A mean with an interval that holds at every look at once. */
export interface Estimate {
  /** Null of nothing. */
  mean: number | null;
  /** Null of too little. */
  lower: number | null;
  upper: number | null;
}

/** Where each score can be. */
const RANGES: Record<ScoreName, readonly [number, number]> = {
  logLoss: [0, Infinity],
  accuracy: [0, 1],
  brier: [0, 2],
};

/** Running scores of one arm. */
export class ArmTally {
  private readonly moments = { logLoss: new Moments(), accuracy: new Moments(), brier: new Moments() };

  add(scores: Scores): void {
    for (const name of SCORE_NAMES) this.moments[name].add(scores[name]);
  }

  /** Outcomes counted. */
  get count(): number {
    return this.moments.logLoss.count;
  }

  get logLoss(): Moments {
    return this.moments.logLoss;
  }

  /** A score's mean with its interval of confidence 1 − α. */
  estimate(name: ScoreName, alpha: number): Estimate {
    const { count, mean, meanVariance } = this.moments[name];
    if (count < MIN_OBSERVATIONS) return { mean: count === 0 ? null : mean, lower: null, upper: null };
    const radius = confidenceRadius(meanVariance, alpha);
    const [least, most] = RANGES[name];
    return { mean, lower: Math.max(least, mean - radius), upper: Math.min(most, mean + radius) };
  }
}
