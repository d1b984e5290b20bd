import { ArmTally } from './arm-tally.js';
import { compareMeans, comparePairs, type Difference } from './compare-arms.js';
import { Moments } from './moments.js';
import { scorePrediction } from './scores.js';

/** An arm as the board knows it. */
export interface BoardArm {
  id: string;
  /** Whether it is computed beside the answering arms rather than answering products of its own. */
  isShadow: boolean;
}

/** One prediction with what became of the product. */
export interface BoardOutcome {
  armId: string;
  productId: number;
  probabilities: readonly number[];
  realClass: number;
}

/** Two arms and how their log losses compare. */
export interface Comparison extends Difference {
  firstArmId: string;
  secondArmId: string;
  /** Whether both predicted the same products. */
  isPaired: boolean;
}

/** Scores of every arm and of every two arms, in the order of the arms. */
export class ScoreBoard {
  private readonly tallies: ReadonlyMap<string, ArmTally>;
  private readonly pairs: { first: BoardArm; second: BoardArm; differences: Moments | null }[];
  /** Log losses by product and arm, while other arms may still have predicted the same. */
  private readonly losses = new Map<number, Map<string, number>>();

  constructor(private readonly arms: readonly BoardArm[]) {
    this.tallies = new Map(arms.map(({ id }) => [id, new ArmTally()]));
    this.pairs = arms.flatMap((first, i) =>
      arms.slice(i + 1).map((second) => ({
        first,
        second,
        differences: first.isShadow || second.isShadow ? new Moments() : null,
      })),
    );
  }

  /** Counts an outcome; each product once an arm. Those of arms that the board does not know are left out. */
  add({ armId, productId, probabilities, realClass }: BoardOutcome): void {
    const tally = this.tallies.get(armId);
    if (!tally) return;
    const scores = scorePrediction(probabilities, realClass);
    tally.add(scores);
    if (this.arms.some(({ isShadow }) => isShadow)) this.pair(productId, armId, scores.logLoss);
  }

  tallyOf(armId: string): ArmTally {
    return this.tallies.get(armId) ?? new ArmTally();
  }

  /**
   * Every two arms.
   *
   * @param alpha error over all looks and all comparisons of one arm with the others together: each of them has an equal
   *   share (Bonferroni)
   */
  compare(alpha: number): Comparison[] {
    const share = alpha / Math.max(1, this.arms.length - 1);
    return this.pairs.map(({ first, second, differences }) => ({
      firstArmId: first.id,
      secondArmId: second.id,
      isPaired: differences !== null,
      ...(differences
        ? comparePairs(differences, share)
        : compareMeans(this.tallyOf(first.id).logLoss, this.tallyOf(second.id).logLoss, share)),
    }));
  }

  /** Sets a loss beside those that other arms have had on the same product. */
  private pair(productId: number, armId: string, loss: number): void {
    const known = this.losses.get(productId) ?? new Map<string, number>();
    for (const { first, second, differences } of this.pairs) {
      if (!differences || (first.id !== armId && second.id !== armId)) continue;
      const other = known.get(first.id === armId ? second.id : first.id);
      if (other !== undefined) differences.add(first.id === armId ? loss - other : other - loss);
    }
    known.set(armId, loss);
    this.losses.set(productId, known);
  }
}
