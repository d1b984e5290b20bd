import { Column, Entity } from 'typeorm';
import { TimestampedEntity } from '../../../common/entities/timestamped.entity.js';

/** What a training is up to; `interrupted` where the process that ran it is gone. */
export type JobState = 'running' | 'succeeded' | 'failed' | 'interrupted';

/** One training on the catalogue. At most one is running: `time_to_sell_jobs_running_key`. */
@Entity('time_to_sell_jobs')
export class TrainingJob extends TimestampedEntity {
  @Column({ type: 'text' })
  state!: JobState;

  /** What asked for it. */
  @Column({ type: 'text' })
  reason!: 'request' | 'first-start';

  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  /** Products it learns from; null until they are exported. */
  @Column({ type: 'integer', nullable: true })
  rows!: number | null;

  /** What went wrong, in a sentence. */
  @Column({ type: 'text', nullable: true })
  error!: string | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
