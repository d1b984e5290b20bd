import { ApiProperty } from '@nestjs/swagger';
import type { ParameterDefinition } from '../definitions/parameters.js';
import type { StepState } from '../store/run-records.js';
import { PipelineRunDto } from './run.dto.js';

/** When a pipeline runs by itself. */
export class PipelineScheduleDto {
  /** Cron expression or nickname, in UTC. */
  @ApiProperty({ example: '@monthly' })
  cron!: string;

  /** Whether intervals that were missed are run too. */
  catch_up!: boolean;

  /** Start of the first interval. */
  starts_at!: Date;

  /** Whether no run is made until it is resumed. */
  is_paused!: boolean;

  /** Who paused it. */
  @ApiProperty({ type: String, nullable: true })
  paused_by!: string | null;

  /** Start of the newest interval that a run was made for by schedule. */
  @ApiProperty({ type: Date, nullable: true })
  last_scheduled_for!: Date | null;

  /** Start of the interval that is run next; null where it is paused. */
  @ApiProperty({ type: Date, nullable: true })
  next_scheduled_for!: Date | null;

  /** When that interval has ended, and its run is due: in the past where its data is waited for. */
  @ApiProperty({ type: Date, nullable: true })
  next_due_at!: Date | null;
}

/** A step as it is defined. */
export class StepDefinitionDto {
  /** Its name within the pipeline. */
  name!: string;

  /** What it does. */
  description!: string;

  /** Steps that must have succeeded before. */
  depends_on!: string[];

  /** Milliseconds that one try may take. */
  @ApiProperty({ type: 'integer' })
  timeout_ms!: number;

  /** Tries in all. */
  @ApiProperty({ type: 'integer' })
  max_attempts!: number;
}

/** A parameter as it is defined. */
export class ParameterDto {
  /** Its name. */
  name!: string;

  /** What it may be. */
  @ApiProperty({ enum: ['string', 'integer', 'number', 'boolean'] })
  type!: ParameterDefinition['type'];

  /** What it does. */
  description!: string;

  /** Smallest number. */
  @ApiProperty({ type: Number, nullable: true })
  min!: number | null;

  /** Largest number. */
  @ApiProperty({ type: Number, nullable: true })
  max!: number | null;
}

/** A pipeline, when it runs and how it did last. */
export class PipelineDto {
  /** Name in addresses. */
  @ApiProperty({ example: 'load-sales-data' })
  id!: string;

  /** What it does. */
  description!: string;

  /** When it runs by itself; null where it does not. */
  @ApiProperty({ type: PipelineScheduleDto, nullable: true })
  schedule!: PipelineScheduleDto | null;

  /** Pipeline whose success starts it. */
  @ApiProperty({ type: String, nullable: true })
  starts_after!: string | null;

  /** Whether its runs take turns. */
  is_exclusive!: boolean;

  /** What a run may be given. */
  parameters!: ParameterDto[];

  /** Its steps, each after those it depends on. */
  steps!: StepDefinitionDto[];

  /** Its newest run. */
  @ApiProperty({ type: PipelineRunDto, nullable: true })
  last_run!: PipelineRunDto | null;
}

/** One node of a graph. */
export class GraphNodeDto {
  /** Name of the step. */
  name!: string;

  /** What it does. */
  description!: string;

  /** Where it is in the run that is shown; null where there is none. */
  @ApiProperty({ type: String, nullable: true })
  state!: StepState | null;
}

/** One edge of a graph. */
export class GraphEdgeDto {
  /** The step that comes first. */
  from!: string;

  /** The step that depends on it. */
  to!: string;
}

/** A pipeline's steps and what depends on what. */
export class PipelineGraphDto {
  /** The pipeline. */
  pipeline_id!: string;

  /** The run whose states are shown. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  run_id!: string | null;

  /** The steps. */
  nodes!: GraphNodeDto[];

  /** What depends on what. */
  edges!: GraphEdgeDto[];
}

/** A worker that is alive. */
export class PipelineWorkerDto {
  /** Its name. */
  id!: string;

  /** The machine it runs on. */
  host!: string;

  /** Number of its process. */
  @ApiProperty({ type: 'integer' })
  pid!: number;

  /** When it began. */
  started_at!: Date;

  /** Its last sign of life. */
  seen_at!: Date;
}
