import { Random } from '../../common/random.js';
import { areaUnderCurve, midRanks, type BinaryScored } from './balanced-scores.js';

/** Whether a model tells the labels apart better than chance. */
export interface PermutationTest {
  /** What the model scored: area under the curve. */
  auc: number;
  /** What it scored on shuffled labels, in no order. */
  shuffled: Float64Array;
  /** Share of shuffles, the labels as they are among them, that score as well: never 0 (Phipson and Smyth 2010). */
  pValue: number;
}

/**
 * Shuffles the labels of held-out rows and counts how often the model's probabilities seem to tell them apart as well
 * as the true ones.
 */
export function testAgainstChance(
  { labels, probabilities }: BinaryScored,
  permutations: number,
  seed: number,
): PermutationTest {
  const ranks = midRanks(probabilities);
  const auc = areaUnderCurve(labels, ranks);
  const random = new Random(seed);
  const positives = Array.from(labels).filter((label) => label === 1).length;
  const shuffled = Float64Array.from({ length: permutations }, () => drawAuc(ranks, positives, random));
  const asGood = shuffled.filter((value) => value >= auc).length;
  return { auc, shuffled, pValue: (1 + asGood) / (1 + permutations) };
}

/** The area under the curve where the labels 1 fall on rows at random; the ranks are left in another order. */
function drawAuc(ranks: Float64Array, positives: number, random: Random): number {
  let sum = 0;
  for (let i = 0; i < positives; i++) {
    const j = i + random.integer(ranks.length - i);
    const drawn = ranks[j]!;
    ranks[j] = ranks[i]!;
    ranks[i] = drawn;
    sum += drawn;
  }
  return (sum - (positives * (positives + 1)) / 2) / (positives * (ranks.length - positives));
}
