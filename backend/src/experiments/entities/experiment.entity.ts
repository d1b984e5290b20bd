import { Column, Entity, OneToMany } from 'typeorm';
import { TimestampedEntity } from '../../common/entities/timestamped.entity.js';
import { ExperimentArm } from './experiment-arm.entity.js';

/** It is put together, runs, and ends for good. */
export type ExperimentStatus = 'draft' | 'running' | 'stopped';

/** A comparison of snapshots on the products that are predicted while it runs. */
@Entity('experiments')
export class Experiment extends TimestampedEntity {
  @Column({ type: 'text' })
  name!: string;

  /** What is expected of it; may be empty. */
  @Column({ type: 'text' })
  hypothesis!: string;

  /** The registered model that all of its snapshots are versions of. */
  @Column({ name: 'model_name', type: 'text' })
  modelName!: string;

  @Column({ type: 'text' })
  status!: ExperimentStatus;

  /** Share of the products that is in the experiment, 0–100 %. */
  @Column({ name: 'ramp_percent', type: 'double precision' })
  rampPercent!: number;

  /** Days after its prediction from which on a product's outcome counts. */
  @Column({ name: 'maturity_days', type: 'integer' })
  maturityDays!: number;

  /** Makes its groups independent of those of other experiments; never changes. */
  @Column({ type: 'text' })
  salt!: string;

  /** Who made it; null where the account is gone. */
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'stopped_at', type: 'timestamptz', nullable: true })
  stoppedAt!: Date | null;

  /** The arm whose snapshot was promoted; null where none was. */
  @Column({ name: 'promoted_arm_id', type: 'uuid', nullable: true })
  promotedArmId!: string | null;

  @OneToMany(() => ExperimentArm, ({ experiment }) => experiment, { eager: true, cascade: ['insert'] })
  arms!: ExperimentArm[];
}
