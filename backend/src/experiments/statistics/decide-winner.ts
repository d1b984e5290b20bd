import type { Comparison } from './score-board.js';

/** Error over all comparisons and all looks of an experiment together. */
export const ALPHA = 0.05;

/** What an experiment says so far. */
export interface Decision {
  /** The arm that is better than every other; null while there is none. */
  winnerArmId: string | null;
  /** In a sentence. */
  reason: string;
}

/**
 * The rule: an arm wins as soon as its log loss is lower than that of every other arm, each time with an interval that
 * excludes zero: where the e-value is at least (number of arms − 1) / α. A false winner has beaten some arm that is no worse
 * than it. Such a pair can be chosen for every arm so that there are no more of them than arms − 1: one that is best
 * with each of the others. Each has an error of α / (arms − 1) over all looks, so that of a false winner is α at most,
 * and an experiment may be looked at every day and stopped at the first winner.
 *
 * @param armIds every arm
 * @param comparisons of every two of them, with intervals for an error of α / (arms − 1)
 */
export function decideWinner(armIds: readonly string[], comparisons: readonly Comparison[]): Decision {
  const winnerArmId = armIds.find((id) => beatsAll(id, comparisons)) ?? null;
  if (winnerArmId !== null)
    return { winnerArmId, reason: 'Its log loss is lower than that of every other arm' };
  const isEarly = comparisons.some(({ eValue }) => eValue === null);
  return {
    winnerArmId,
    reason: isEarly
      ? 'There are too few outcomes to compare every two arms'
      : 'No arm is better than every other beyond doubt',
  };
}

function beatsAll(armId: string, comparisons: readonly Comparison[]): boolean {
  const own = comparisons.filter(
    ({ firstArmId, secondArmId }) => firstArmId === armId || secondArmId === armId,
  );
  return own.length > 0 && own.every((comparison) => findBetter(comparison) === armId);
}

/** The better of two arms; null where that is open. */
export function findBetter({ firstArmId, secondArmId, lower, upper }: Comparison): string | null {
  if (upper !== null && upper < 0) return firstArmId;
  return lower !== null && lower > 0 ? secondArmId : null;
}
