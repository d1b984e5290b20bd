import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import type { JobState, TrainingJob } from '../entities/training-job.entity.js';

/** How a training is asked for. */
export class TrainQueryDto {
  /** Answer when the training has ended, instead of when it has begun. */
  @ApiProperty({ type: Boolean, required: false, default: false })
  @Transform(({ value }: { value: unknown }) => parseFlag(value))
  @IsBoolean()
  wait = false;
}

/** One training on the catalogue. */
export class TrainingJobDto {
  /** Identity of the job. */
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** `interrupted` where the process that trained is gone: the snapshot before goes on serving. */
  @ApiProperty({ enum: ['running', 'succeeded', 'failed', 'interrupted'] })
  state!: JobState;

  /** `first-start` where the server trained by itself. */
  @ApiProperty({ enum: ['request', 'first-start'] })
  reason!: 'request' | 'first-start';

  /** Products it learns from; null until they are exported. */
  @ApiProperty({ type: 'integer', nullable: true })
  rows!: number | null;

  /** The snapshot that it made. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  snapshot_id!: string | null;

  /** What went wrong. */
  @ApiProperty({ type: String, nullable: true })
  error!: string | null;

  /** When it was begun. */
  created_at!: Date;

  /** When it ended. */
  @ApiProperty({ type: Date, nullable: true })
  finished_at!: Date | null;
}

/** What callers see of a training. */
export function toTrainingJobDto(job: TrainingJob, snapshotId: string | null): TrainingJobDto {
  return {
    id: job.id,
    state: job.state,
    reason: job.reason,
    rows: job.rows,
    snapshot_id: snapshotId,
    error: job.error,
    created_at: job.createdAt,
    finished_at: job.finishedAt,
  };
}

function parseFlag(value: unknown): unknown {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : value;
}
