import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';

/** One of the snapshots that an experiment compares. */
@Entity('experiment_arms')
export class ExperimentArm {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  /** The experiment it belongs to. */
  @ManyToOne('Experiment', 'arms')
  @JoinColumn({ name: 'experiment_id' })
  experiment!: object;

  /** Place in the order of its creation, from 0. */
  @Column({ type: 'integer' })
  position!: number;

  @Column({ type: 'text' })
  name!: string;

  @Column({ name: 'snapshot_id', type: 'uuid' })
  snapshotId!: string;

  /** Version of the experiment's model that the snapshot is. */
  @Column({ name: 'model_version', type: 'integer' })
  modelVersion!: number;

  /** Share of the products relative to the other arms', above 0; null of a shadow. */
  @Column({ type: 'double precision', nullable: true })
  weight!: number | null;

  /** Whether it is computed and stored, and never answered. */
  @Column({ name: 'is_shadow', type: 'boolean' })
  isShadow!: boolean;
}
