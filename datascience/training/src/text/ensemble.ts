import { averagedTrainer } from './averaged-member.js';
import { embeddingBagTrainer, type EmbeddingBagOptions } from './embedding-bag.js';
import type { FitMember } from './linear-member.js';
import { fitLinearSvm } from './linear-svm.js';

/** One of the linear models that the text model is the sum of: plain data, for it goes from thread to thread. */
export interface EnsembleMember {
  name: string;
  /** Of an embedding bag; null for support vector machines. */
  bag: EmbeddingBagOptions | null;
  /** Passes over the rows at most. */
  maxPasses: number;
  /** Fits from different seeds that the final member is the mean of; on held-out rows one speaks for all. */
  repeats: number;
  /** What its logits are divided by where too few rows are held out to fit a temperature. */
  usualTemperature: number;
  /** Share in the blend; all shares sum to 1. */
  weight: number;
}

const SVM_PASSES = 6;
const BAG_PASSES = 8;
/** The machines and the bags have equal say: fitted weights overfit, and collapse to one member. */
const SVM_WEIGHT = 0.5;
const BAG_WEIGHT = 0.25;
/** Below this many rows a bag's luck shows in its scores, and several are averaged … */
const FEW_ROWS = 6_000;
/** … this many. */
const BAGS_OF_FEW_ROWS = 3;

/**
 * The members: support vector machines over all features, and two embedding bags, one over words and one over all
 * features, that err differently.
 *
 * @param rows training rows
 */
export function ensembleMembers(rows: number): EnsembleMember[] {
  const bag = (hidden: number, wordsOnly: boolean) => ({
    bag: { hidden, wordsOnly },
    maxPasses: BAG_PASSES,
    repeats: rows < FEW_ROWS ? BAGS_OF_FEW_ROWS : 1,
    weight: BAG_WEIGHT,
  });
  return [
    { name: 'svm', bag: null, maxPasses: SVM_PASSES, repeats: 1, usualTemperature: 0.2, weight: SVM_WEIGHT },
    { name: 'ngram_bag', ...bag(32, false), usualTemperature: 1.4 },
    { name: 'word_bag', ...bag(64, true), usualTemperature: 1.5 },
  ];
}

/** The code that fits a member, its repeats averaged. */
export function memberTrainer({ bag }: EnsembleMember, repeats: number): FitMember {
  return bag === null ? fitLinearSvm : averagedTrainer(embeddingBagTrainer(bag), repeats);
}
