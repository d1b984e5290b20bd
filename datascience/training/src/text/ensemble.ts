import { averagedTrainer } from './averaged-member.js';
import { embeddingBagTrainer } from './embedding-bag.js';
import type { FitMember } from './linear-member.js';
import { fitLinearSvm } from './linear-svm.js';

/** One of the linear models that the text model is the sum of. */
export interface EnsembleMember {
  name: string;
  fit: FitMember;
  /** Passes over the rows at most. */
  maxPasses: number;
  /** True where the loss on held-out rows may end a fit; a convex member ends by itself. */
  stopsEarly: boolean;
  /** What its logits are divided by where too few rows are held out to fit a temperature. */
  usualTemperature: number;
  /** Share in the blend; all shares sum to 1. */
  weight: number;
}

const SVM_PASSES = 8;
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
  const bags = rows < FEW_ROWS ? BAGS_OF_FEW_ROWS : 1;
  const bag = (hidden: number, wordsOnly: boolean): Omit<EnsembleMember, 'name' | 'usualTemperature'> => ({
    fit: averagedTrainer(embeddingBagTrainer({ hidden, wordsOnly }), bags),
    maxPasses: BAG_PASSES,
    stopsEarly: true,
    weight: BAG_WEIGHT,
  });
  return [
    {
      name: 'svm',
      fit: fitLinearSvm,
      maxPasses: SVM_PASSES,
      stopsEarly: false,
      usualTemperature: 0.2,
      weight: SVM_WEIGHT,
    },
    { name: 'word_bag', ...bag(64, true), usualTemperature: 1.5 },
    { name: 'ngram_bag', ...bag(32, false), usualTemperature: 1.4 },
  ];
}
