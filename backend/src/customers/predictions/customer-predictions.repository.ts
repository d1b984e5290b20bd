import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CustomerPrediction, JudgedCounts, Outcome } from './customer-prediction.js';

/** A user who was deleted since the token was checked leaves the prediction without one. */
const INSERT = `
INSERT INTO customer_predictions (id, created_at, user_id, idx, features, from_feature_store, label, probability,
  model_name, model_version)
VALUES ($1, $2, (SELECT id FROM users WHERE id = $3), $4, $5, $6, $7, $8, $9, $10)`;

const JUDGE = `
UPDATE customer_predictions AS predictions SET outcome = outcomes.label, outcome_at = now()
FROM unnest($1::uuid[], $2::integer[]) AS outcomes (id, label)
WHERE predictions.id = outcomes.id AND ($3::uuid IS NULL OR predictions.user_id = $3::uuid)
RETURNING predictions.id`;

/** Labels that became known after the prediction was made. */
export const JUDGE_BY_LABELS = `
UPDATE customer_predictions AS predictions SET outcome = labels.label, outcome_at = now()
FROM labels
WHERE labels.idx = predictions.idx AND predictions.outcome IS NULL AND labels.seen_at > predictions.created_at`;

/** The version that made the newest judged prediction, over its latest judged ones. */
const COUNT_LATEST = `
WITH newest AS (
  SELECT model_version FROM customer_predictions
  WHERE model_name = $1 AND outcome IS NOT NULL ORDER BY created_at DESC LIMIT 1
), latest AS (
  SELECT predictions.label, predictions.outcome
  FROM customer_predictions AS predictions JOIN newest USING (model_version)
  WHERE predictions.model_name = $1 AND predictions.outcome IS NOT NULL
  ORDER BY predictions.outcome_at DESC, predictions.id DESC LIMIT $2
)
SELECT (SELECT model_version FROM newest) AS "modelVersion", count(*)::integer AS judged,
  count(*) FILTER (WHERE label = outcome)::integer AS correct
FROM latest`;

/** Label predictions, and what became of them. */
@Injectable()
export class CustomerPredictionsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(prediction: CustomerPrediction): Promise<void> {
    await this.dataSource.query(INSERT, [
      prediction.id,
      prediction.createdAt.toISOString(),
      prediction.userId,
      prediction.idx,
      JSON.stringify(prediction.features),
      prediction.fromFeatureStore,
      prediction.label,
      prediction.probability,
      prediction.modelName,
      prediction.modelVersion,
    ]);
  }

  /**
   * Notes outcomes; a later one replaces an earlier one.
   *
   * @param userId whose predictions may be judged; everyone's where it is null
   * @returns the predictions that are judged now
   */
  async judge(outcomes: readonly Outcome[], userId: string | null): Promise<string[]> {
    const ids = outcomes.map(({ predictionId }) => predictionId);
    const labels = outcomes.map(({ label }) => label);
    const [rows] = await this.dataSource.query<[{ id: string }[], number]>(JUDGE, [ids, labels, userId]);
    return rows.map(({ id }) => id);
  }

  /** Over the latest `window` judged predictions; null where none is judged. */
  async countLatest(modelName: string, window: number): Promise<JudgedCounts | null> {
    const [row] = await this.dataSource.query<(JudgedCounts | { modelVersion: null })[]>(COUNT_LATEST, [
      modelName,
      window,
    ]);
    return row && row.modelVersion !== null ? row : null;
  }
}
