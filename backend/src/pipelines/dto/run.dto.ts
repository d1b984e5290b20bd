import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../common/crud/page.dto.js';
import {
  runStates,
  type LogRecord,
  type RunRecord,
  type RunState,
  type RunTrigger,
  type StepRecord,
  type StepState,
} from '../store/run-records.js';

const stepStates = ['pending', 'running', 'succeeded', 'failed', 'skipped', 'cancelled'];

/** One execution of a pipeline. */
export class PipelineRunDto {
  /** Identity of the run. */
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** The pipeline that is executed. */
  pipeline_id!: string;

  /** Time the run stands for; there is one run of a pipeline for it. */
  scheduled_for!: Date;

  /** What it was started with, by name. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  parameters!: Record<string, unknown>;

  /** How it came to be. */
  @ApiProperty({ enum: ['schedule', 'manual', 'backfill', 'pipeline'] })
  trigger!: RunTrigger;

  /** Who or what started it. */
  triggered_by!: string;

  /** Where it is. */
  @ApiProperty({ enum: runStates })
  state!: RunState;

  /** 1, and one more for each time it was started again. */
  @ApiProperty({ type: 'integer' })
  round!: number;

  /** The worker that executes it, or did last. */
  @ApiProperty({ type: String, nullable: true })
  worker!: string | null;

  /** Why it failed. */
  @ApiProperty({ type: String, nullable: true })
  error!: string | null;

  /** When it was created. */
  created_at!: Date;

  /** When a worker first took it on. */
  @ApiProperty({ type: Date, nullable: true })
  started_at!: Date | null;

  /** When it ended. */
  @ApiProperty({ type: Date, nullable: true })
  finished_at!: Date | null;

  /** Milliseconds from start to end, or until now. */
  @ApiProperty({ type: 'integer', nullable: true })
  duration_ms!: number | null;
}

/** One step of a run. */
export class PipelineStepDto {
  /** Its name within the pipeline. */
  name!: string;

  /** Where it is; `skipped`: what it depends on did not succeed. */
  @ApiProperty({ enum: stepStates })
  state!: StepState;

  /** Steps that come before it. */
  depends_on!: string[];

  /** How often it was tried. */
  @ApiProperty({ type: 'integer' })
  attempts!: number;

  /** How often its worker was lost while it ran. */
  @ApiProperty({ type: 'integer' })
  interruptions!: number;

  /** The worker that executes it, or did last. */
  @ApiProperty({ type: String, nullable: true })
  worker!: string | null;

  /** Rows it read. */
  @ApiProperty({ type: 'integer', nullable: true })
  rows_in!: number | null;

  /** Rows it wrote. */
  @ApiProperty({ type: 'integer', nullable: true })
  rows_out!: number | null;

  /** More about it: what each check found, on which rows. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  details!: Record<string, unknown> | null;

  /** Why it failed or was left out. */
  @ApiProperty({ type: String, nullable: true })
  error!: string | null;

  /** When its last try began. */
  @ApiProperty({ type: Date, nullable: true })
  started_at!: Date | null;

  /** When it ended. */
  @ApiProperty({ type: Date, nullable: true })
  finished_at!: Date | null;

  /** Milliseconds that its last try took, or has taken until now. */
  @ApiProperty({ type: 'integer', nullable: true })
  duration_ms!: number | null;
}

/** A run with its steps. */
export class PipelineRunDetailDto extends PipelineRunDto {
  /** Its steps in the order of the graph. */
  steps!: PipelineStepDto[];
}

/** What came of asking for a run. */
export class TriggeredRunDto extends PipelineRunDto {
  /** False where there was a run for that time already: this one. */
  is_new!: boolean;
}

/** One part of the list of runs. */
export class PipelineRunPageDto extends PageOf(PipelineRunDto) {}

/** A run that a backfill asked for. */
export class BackfilledRunDto {
  /** Start of the interval. */
  scheduled_for!: Date;

  /** The run for it. */
  @ApiProperty({ format: 'uuid' })
  run_id!: string;

  /** False where there was one already. */
  is_new!: boolean;
}

/** What came of a backfill. */
export class BackfillResultDto {
  /** Runs of every interval in the range, oldest first. */
  runs!: BackfilledRunDto[];
}

/** One line of a step's log. */
export class PipelineLogLineDto {
  /** Grows from line to line. */
  @ApiProperty({ type: 'integer' })
  id!: number;

  /** The try it belongs to. */
  @ApiProperty({ type: 'integer' })
  attempt!: number;

  /** When it was written. */
  logged_at!: Date;

  /** How serious it is. */
  @ApiProperty({ enum: ['info', 'warn', 'error'] })
  level!: LogRecord['level'];

  /** What happened. */
  message!: string;
}

const duration = (from: Date | null, to: Date | null): number | null =>
  from && Math.max(0, (to ?? new Date()).getTime() - from.getTime());

/** What callers see of a run. */
export function toRunDto(run: RunRecord): PipelineRunDto {
  return {
    id: run.id,
    pipeline_id: run.pipelineId,
    scheduled_for: run.scheduledFor,
    parameters: run.parameters,
    trigger: run.trigger,
    triggered_by: run.triggeredBy,
    state: run.state,
    round: run.round,
    worker: run.workerId,
    error: run.error,
    created_at: run.createdAt,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    duration_ms: duration(run.startedAt, run.finishedAt),
  };
}

/** What callers see of a step. */
export function toStepDto(step: StepRecord, dependsOn: readonly string[]): PipelineStepDto {
  return {
    name: step.name,
    state: step.state,
    depends_on: [...dependsOn],
    attempts: step.attempt,
    interruptions: step.interruptions,
    worker: step.workerId,
    rows_in: step.rowsIn,
    rows_out: step.rowsOut,
    details: step.details,
    error: step.error,
    started_at: step.startedAt,
    finished_at: step.finishedAt,
    duration_ms: step.state === 'pending' ? null : duration(step.startedAt, step.finishedAt),
  };
}

/** What callers see of a line of a log. */
export function toLogLineDto({ id, attempt, loggedAt, level, message }: LogRecord): PipelineLogLineDto {
  return { id, attempt, logged_at: loggedAt, level, message };
}
