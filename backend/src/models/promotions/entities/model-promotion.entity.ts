import type { GateResult, PromotionAction } from '@vitrine/mlflow';
import { Column, Entity } from 'typeorm';
import { TimestampedEntity } from '../../../common/entities/timestamped.entity.js';

/** `move` and `remove`: made directly in the registry, and nobody noted what it was meant as. */
export type RecordedAction = PromotionAction | 'move' | 'remove';

/** One move of an alias, in the order of `sequence` within a model's alias (unique: `model_promotions_sequence_key`). */
@Entity('model_promotions')
export class ModelPromotion extends TimestampedEntity {
  @Column({ name: 'model_name', type: 'text' })
  modelName!: string;

  @Column({ type: 'text' })
  alias!: string;

  @Column({ type: 'integer' })
  sequence!: number;

  /** The version before, null where the alias named none. */
  @Column({ name: 'from_version', type: 'integer', nullable: true })
  fromVersion!: number | null;

  /** The version that the alias named afterwards, null where it was removed. */
  @Column({ name: 'to_version', type: 'integer', nullable: true })
  toVersion!: number | null;

  @Column({ type: 'text' })
  action!: RecordedAction;

  /** Whether this API made the move, or noticed it. */
  @Column({ type: 'text' })
  source!: 'api' | 'direct';

  /** The account that made it here; null where it was noticed, or where the account is gone. */
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  /** Who made it, in words that outlive the account; empty where nobody knows. */
  @Column({ name: 'moved_by', type: 'text' })
  movedBy!: string;

  /** Why; empty where nobody said. */
  @Column({ type: 'text' })
  reason!: string;

  /** Whether the gate was overruled. */
  @Column({ name: 'is_forced', type: 'boolean' })
  isForced!: boolean;

  /** How the two versions compared; null where that is not known. */
  @Column({ type: 'jsonb', nullable: true })
  gate!: GateResult | null;

  /** When the alias moved, or was seen to have moved. */
  @Column({ name: 'moved_at', type: 'timestamptz' })
  movedAt!: Date;
}
