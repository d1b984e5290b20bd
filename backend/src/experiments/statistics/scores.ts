/** What a prediction is worth once the outcome is known. */
export interface Scores {
  /** Nats; from 0 to ln 1000. */
  logLoss: number;
  /** 1 where the most probable class came true. */
  accuracy: number;
  /** From 0 to 2. */
  brier: number;
}

export type ScoreName = keyof Scores;

/** Every score by name. */
export const SCORE_NAMES = ['logLoss', 'accuracy', 'brier'] as const satisfies readonly ScoreName[];

/** A probability of the true class below it counts as it: one product never decides an experiment. */
const MIN_PROBABILITY = 1e-3;

/**
 * Scores one prediction: log loss −ln p(true), clipped; whether the most probable class (the first of equals) is the
 * true one; Brier's score over all classes, Σ (p − 1[true])² (Brier, 1950).
 *
 * @param probabilities by class, summing to 1
 * @param trueClass index of the class that came true
 */
export function scorePrediction(probabilities: readonly number[], trueClass: number): Scores {
  const best = probabilities.indexOf(Math.max(...probabilities));
  const brier = probabilities.reduce((sum, p, i) => sum + (p - Number(i === trueClass)) ** 2, 0);
  return {
    logLoss: -Math.log(Math.max(probabilities[trueClass] ?? 0, MIN_PROBABILITY)),
    accuracy: Number(best === trueClass),
    brier,
  };
}
