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
/** Below this many rows a bag of all n-grams learns nothing that the others do not, in most of the time … */
const TOO_FEW_FOR_NGRAMS = 1_000;
/** … and the bag of words has this share. */
const LONE_BAG_WEIGHT = 0.4;
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
  const repeats = rows < FEW_ROWS ? BAGS_OF_FEW_ROWS : 1;
  const bag = { maxPasses: BAG_PASSES, repeats, weight: BAG_WEIGHT };
  const svm = { name: 'svm', bag: null, maxPasses: SVM_PASSES, repeats: 1, usualTemperature: 0.2 };
  const wordBag = { ...bag, name: 'word_bag', bag: { hidden: 64, wordsOnly: true }, usualTemperature: 1.5 };
  const ngramBag = {
    ...bag,
    name: 'ngram_bag',
    bag: { hidden: 32, wordsOnly: false },
    usualTemperature: 1.4,
  };
  if (rows < TOO_FEW_FOR_NGRAMS) {
    return [
      { ...svm, weight: 1 - LONE_BAG_WEIGHT },
      { ...wordBag, weight: LONE_BAG_WEIGHT },
    ];
  }
  return [{ ...svm, weight: SVM_WEIGHT }, ngramBag, wordBag];
}

/** The code that fits a member, its repeats averaged. */
export function memberTrainer({ bag }: EnsembleMember, repeats: number): FitMember {
  return bag === null ? fitLinearSvm : averagedTrainer(embeddingBagTrainer(bag), repeats);
}
