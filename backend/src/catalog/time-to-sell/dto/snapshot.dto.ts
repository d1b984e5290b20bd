import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/crud/page.dto.js';
import type { Snapshot } from '../entities/snapshot.entity.js';
import { SaleModelDto } from './sale-prediction.dto.js';

/** The held-out predictions that were about as sure, and how often they came true. */
export class ReliabilityBinDto {
  /** Lowest probability of the class that was told. */
  @ApiProperty({ type: 'number' })
  from!: number;

  /** Highest one. */
  @ApiProperty({ type: 'number' })
  to!: number;

  /** How many predictions there are. */
  @ApiProperty({ type: 'integer' })
  rows!: number;

  /** Their mean probability of the class that was told. */
  @ApiProperty({ type: 'number' })
  confidence!: number;

  /** How often that class was right. */
  @ApiProperty({ type: 'number' })
  accuracy!: number;
}

/** One trained time-to-sell model. */
export class SnapshotDto {
  /** Identity of the snapshot: what predictions and experiments name. */
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** Its registered version. */
  model!: SaleModelDto;

  /** The run that made it. */
  run_id!: string;

  /** The job that trained it; null where it was registered by hand. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  job_id!: string | null;

  /** Cross-validated log loss in nats. */
  @ApiProperty({ type: 'number', nullable: true })
  log_loss!: number | null;

  /** Cross-validated accuracy. */
  @ApiProperty({ type: 'number', nullable: true })
  accuracy!: number | null;

  /** Every score that its training reported. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  metrics!: Record<string, number>;

  /** How often cross-validated predictions came true, by how sure they were. */
  @ApiProperty({ type: [ReliabilityBinDto], nullable: true })
  reliability!: ReliabilityBinDto[] | null;

  /** Why it cannot be served and is skipped; null where nothing is wrong. */
  @ApiProperty({ type: String, nullable: true })
  problem!: string | null;

  /** Whether it is in production now. */
  is_served!: boolean;

  /** When it was made. */
  created_at!: Date;
}

/** One part of the list of snapshots. */
export class SnapshotPageDto extends PageOf(SnapshotDto) {}

/** What callers see of a snapshot. */
export function toSnapshotDto(snapshot: Snapshot, isServed: boolean): SnapshotDto {
  return {
    id: snapshot.id,
    model: { name: snapshot.modelName, version: snapshot.modelVersion },
    run_id: snapshot.runId,
    job_id: snapshot.jobId,
    log_loss: snapshot.logLoss,
    accuracy: snapshot.accuracy,
    metrics: snapshot.metrics,
    reliability: snapshot.reliability,
    problem: snapshot.problem,
    is_served: isServed,
    created_at: snapshot.createdAt,
  };
}
