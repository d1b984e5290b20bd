import type { Calibration, ModelMetrics } from '@vitrine/inference';
import { answersAbove } from './abstention.js';
import type { Evaluation } from './evaluate-model.js';
import { majorityBaseline, score } from './metrics.js';

/** What an evaluation is described with. */
export interface EvaluatedModel {
  trainLabels: readonly number[];
  calibration: Calibration;
  /** Measured while the model was trained. */
  trained: Pick<ModelMetrics, 'n_train' | 'train_seconds'>;
}

/** The metrics of a model on a test split: its scores, what abstaining does there, and what it was trained with. */
export function describeEvaluation(
  evaluation: Evaluation,
  { trainLabels, calibration, trained }: EvaluatedModel,
): ModelMetrics {
  const { abstentionThreshold, abstention } = calibration;
  const answers = answersAbove(evaluation, abstentionThreshold);
  return {
    ...score(evaluation),
    baseline_accuracy: majorityBaseline(trainLabels, evaluation.labels, evaluation.classes),
    ...(abstention && { stated_precision: abstention.statedPrecision }),
    abstention_threshold: abstentionThreshold,
    coverage: answers.coverage,
    answered_accuracy: answers.accuracy,
    n_test: evaluation.rows.length,
    n_skipped: evaluation.skipped.length,
    n_train: trained.n_train,
    train_seconds: trained.train_seconds,
  };
}
