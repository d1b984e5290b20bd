import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { PageQueryDto } from '../../common/crud/page.dto.js';
import { runStates, type RunState } from '../store/run-records.js';

/** A run that is asked for. */
export class TriggerRunDto {
  /**
   * Time the run stands for (ISO 8601): the start of its interval where the pipeline has a schedule, any time within
   * it being taken for that. The newest interval that has ended, or now, where it is left out.
   */
  @ApiProperty({ type: String, format: 'date-time', required: false, example: '2020-01-01T00:00:00Z' })
  @IsOptional()
  @IsISO8601({ strict: true })
  scheduled_for?: string;

  /** Parameters by name, as the pipeline defines them. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  parameters?: Record<string, unknown>;
}

/** A range of intervals to run. */
export class BackfillDto {
  /** Start of the first interval, or any time within it (ISO 8601). */
  @ApiProperty({ type: String, format: 'date-time', example: '2020-01-01' })
  @IsISO8601({ strict: true })
  from!: string;

  /** Start of the last interval, or any time within it (ISO 8601). */
  @ApiProperty({ type: String, format: 'date-time', example: '2020-12-31' })
  @IsISO8601({ strict: true })
  to!: string;

  /** Parameters of every run, by name. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  parameters?: Record<string, unknown>;
}

/** How a run is started again. */
export class RetryRunDto {
  /** Does this step again, and all that depends on it, besides those that have not succeeded. */
  @ApiProperty({ type: String, required: false, maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  from_step?: string;
}

/** Which runs are listed. */
export class RunQueryDto extends PageQueryDto {
  /** Runs of this pipeline alone. */
  @ApiProperty({ type: String, required: false, maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  pipeline_id?: string;

  /** Runs in this state alone. */
  @ApiProperty({ enum: runStates, required: false })
  @IsOptional()
  @IsIn(runStates)
  state?: RunState;

  /** Runs that stand for this time or later (ISO 8601). */
  @ApiProperty({ type: String, format: 'date-time', required: false })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  /** Runs that stand for an earlier time (ISO 8601). */
  @ApiProperty({ type: String, format: 'date-time', required: false })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;
}

/** Whose states a graph shows. */
export class GraphQueryDto {
  /** A run of the pipeline; its newest where it is left out. */
  @ApiProperty({ type: String, format: 'uuid', required: false })
  @IsOptional()
  @IsString()
  @MaxLength(36)
  run_id?: string;
}

/** Which lines of a log are read. */
export class LogQueryDto {
  /** Lines after this one: the id of the last that is known. */
  @ApiProperty({ required: false, type: 'integer', minimum: 0, default: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after = 0;

  /** How many lines to answer with at most. */
  @ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: 1_000, default: 200 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit = 200;
}
