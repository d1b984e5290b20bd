import type { DatasetRow } from '../datasets/dataset.js';
import type { Evaluation } from './evaluate-model.js';
import { predictedClasses } from './metrics.js';

/** A wrong answer. */
export interface Mistake {
  row: DatasetRow;
  /** Positions of the categories. */
  truth: number;
  answer: number;
  /** Probability of the wrong answer and of the right one. */
  probability: number;
  truthProbability: number;
}

/** Wrong answers, the surest first. */
export function findMistakes(evaluation: Evaluation): Mistake[] {
  const { rows, labels, probabilities, classes } = evaluation;
  const answers = predictedClasses(evaluation);
  return rows
    .flatMap((row, i): Mistake[] => {
      const [truth, answer] = [labels[i] as number, answers[i] as number];
      if (truth === answer) return [];
      const probability = (k: number) => probabilities[i * classes + k] as number;
      return [{ row, truth, answer, probability: probability(answer), truthProbability: probability(truth) }];
    })
    .sort((a, b) => b.probability - a.probability);
}
