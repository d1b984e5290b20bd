import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm';
import type { PredictionRole } from '../arm-outcomes.js';

const toNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

/** What was asked and answered, as stored before it was sent, and what shadow arms said beside it. */
@Entity('time_to_sell_predictions')
export class TimeToSellPrediction {
  /** UUID version 7: later predictions have later ids. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** Who asked; null once that user is deleted. */
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  @Column({ name: 'product_id', type: 'bigint', nullable: true, transformer: toNumber })
  productId!: number | null;

  /** Raw fields as the model read them. */
  @Column({ type: 'jsonb' })
  input!: Record<string, unknown>;

  /** Of classes 0, 1 and 2. */
  @Column({ type: 'double precision', array: true })
  probabilities!: [number, number, number];

  /** The snapshot that answered. */
  @Column({ name: 'snapshot_id', type: 'uuid' })
  snapshotId!: string;

  @Column({ type: 'text' })
  role!: PredictionRole;

  /** The prediction that was answered, for one that was not. */
  @Column({ name: 'answer_id', type: 'uuid', nullable: true })
  answerId!: string | null;

  @Column({ name: 'experiment_id', type: 'uuid', nullable: true })
  experimentId!: string | null;

  /** The arm that the product was assigned to. */
  @Column({ name: 'arm_id', type: 'uuid', nullable: true })
  armId!: string | null;

  /** Why another snapshot answered than the one that was to; null where none did. */
  @Column({ name: 'fallback_reason', type: 'text', nullable: true })
  fallbackReason!: string | null;
}
