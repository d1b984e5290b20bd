import { Column, Entity } from 'typeorm';
import { TimestampedEntity } from '../../../common/entities/timestamped.entity.js';

/** The held-out predictions that were about as sure, and how often they came true. */
export interface ReliabilityBin {
  /** Bounds of the probability of the class that was told. */
  from: number;
  to: number;
  rows: number;
  /** Mean probability of the class that was told. */
  confidence: number;
  /** How often it came true. */
  accuracy: number;
}

/** One trained time-to-sell model: a registered version and its cross-validated scores. */
@Entity('snapshots')
export class Snapshot extends TimestampedEntity {
  @Column({ name: 'model_name', type: 'text' })
  modelName!: string;

  @Column({ name: 'model_version', type: 'integer' })
  modelVersion!: number;

  /** The run that made it: tells versions of the same number apart after a registry was made anew. */
  @Column({ name: 'run_id', type: 'text' })
  runId!: string;

  /** The job that trained it; null where it was registered by hand. */
  @Column({ name: 'job_id', type: 'uuid', nullable: true })
  jobId!: string | null;

  /** Cross-validated, in nats. */
  @Column({ name: 'log_loss', type: 'double precision', nullable: true })
  logLoss!: number | null;

  /** Cross-validated. */
  @Column({ type: 'double precision', nullable: true })
  accuracy!: number | null;

  /** Every score that its training reported. */
  @Column({ type: 'jsonb' })
  metrics!: Record<string, number>;

  /** How often cross-validated predictions came true, by how sure they were; null where it was not told. */
  @Column({ type: 'jsonb', nullable: true })
  reliability!: ReliabilityBin[] | null;

  /** Why its package cannot be served; null where nothing is known to be wrong. */
  @Column({ type: 'text', nullable: true })
  problem!: string | null;
}
