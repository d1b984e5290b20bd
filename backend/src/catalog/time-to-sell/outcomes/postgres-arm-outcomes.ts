import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SaleClass } from '../../sale-class.js';
import { ArmOutcomes, type ArmCounts, type ArmOutcome, type PredictionRole } from '../arm-outcomes.js';

const PART_ROWS = 5_000;

/** The first prediction that each arm's own snapshot made of each product. */
const FIRST_PREDICTIONS = `
  SELECT DISTINCT ON (arm_id, role, product_id) arm_id, role, product_id, snapshot_id, probabilities, created_at
  FROM time_to_sell_predictions
  WHERE experiment_id = $1 AND arm_id IS NOT NULL AND fallback_reason IS NULL
  ORDER BY arm_id, role, product_id, id`;

const COUNT_BY_ARM = `
  WITH first AS (${FIRST_PREDICTIONS}),
  made AS (
    SELECT arm_id, role, count(*) FILTER (WHERE fallback_reason IS NULL)::integer AS predictions,
      count(*) FILTER (WHERE fallback_reason IS NOT NULL)::integer AS fallbacks
    FROM time_to_sell_predictions WHERE experiment_id = $1 AND arm_id IS NOT NULL GROUP BY arm_id, role),
  known AS (
    SELECT first.arm_id, first.role, count(*)::integer AS products, count(outcome.id)::integer AS outcomes
    FROM first LEFT JOIN time_to_sell_outcomes AS outcome
      ON outcome.product_id = first.product_id AND outcome.created_at >= first.created_at
    GROUP BY first.arm_id, first.role)
  SELECT made.arm_id, made.role, made.predictions, made.fallbacks,
    coalesce(known.products, 0) AS products, coalesce(known.outcomes, 0) AS outcomes
  FROM made LEFT JOIN known USING (arm_id, role)
  ORDER BY made.role, made.arm_id`;

const READ_OUTCOMES = `
  SELECT first.arm_id, first.role, first.snapshot_id, first.product_id, first.probabilities,
    first.created_at AS predicted_at, outcome.delai_vente, outcome.updated_at AS reported_at
  FROM (${FIRST_PREDICTIONS}) AS first
  JOIN time_to_sell_outcomes AS outcome
    ON outcome.product_id = first.product_id AND outcome.created_at >= first.created_at
  ORDER BY outcome.updated_at, outcome.id, first.role, first.arm_id`;

interface CountRow {
  arm_id: string;
  role: PredictionRole;
  predictions: number;
  fallbacks: number;
  products: number;
  outcomes: number;
}

interface OutcomeRow {
  arm_id: string;
  role: PredictionRole;
  snapshot_id: string;
  product_id: string;
  probabilities: [number, number, number];
  predicted_at: Date;
  delai_vente: SaleClass;
  reported_at: Date;
}

/** Predictions and outcomes of experiments, as they are stored. */
@Injectable()
export class PostgresArmOutcomes extends ArmOutcomes {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async countByArm(experimentId: string): Promise<ArmCounts[]> {
    const rows = await this.dataSource.query<CountRow[]>(COUNT_BY_ARM, [experimentId]);
    return rows.map(({ arm_id: armId, ...counts }) => ({ armId, ...counts }));
  }

  async *streamOutcomes(experimentId: string): AsyncGenerator<ArmOutcome> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query(`DECLARE arm_outcomes NO SCROLL CURSOR FOR ${READ_OUTCOMES}`, [experimentId]);
      for (let rows: OutcomeRow[]; ;) {
        rows = (await runner.query(`FETCH ${PART_ROWS} FROM arm_outcomes`)) as OutcomeRow[];
        if (rows.length === 0) break;
        for (const row of rows) yield toArmOutcome(row);
      }
      await runner.commitTransaction();
    } finally {
      // A reader that stops early leaves the transaction open.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      await runner.release();
    }
  }
}

function toArmOutcome(row: OutcomeRow): ArmOutcome {
  return {
    armId: row.arm_id,
    role: row.role,
    snapshotId: row.snapshot_id,
    productId: Number(row.product_id),
    probabilities: row.probabilities,
    realClass: row.delai_vente,
    predictedAt: row.predicted_at,
    reportedAt: row.reported_at,
  };
}
