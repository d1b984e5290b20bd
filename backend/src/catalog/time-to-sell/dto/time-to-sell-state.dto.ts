import { ApiProperty } from '@nestjs/swagger';
import { SnapshotDto } from './snapshot.dto.js';
import { TrainingJobDto } from './training.dto.js';

/** How the registered model is being served. */
export class SaleServingDto {
  /** Name of the registered model. */
  name!: string;

  /** `ready`: the wanted version serves. `degraded`: another one does, see `reason`. `missing`: none does. */
  @ApiProperty({ enum: ['ready', 'degraded', 'missing'] })
  state!: 'ready' | 'degraded' | 'missing';

  /** The version that answers now. */
  @ApiProperty({ type: 'integer', nullable: true })
  version!: number | null;

  /** The version that the alias names. */
  @ApiProperty({ type: 'integer', nullable: true })
  wanted_version!: number | null;

  /** Why the model is not ready. */
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

/** What there is to learn from. */
export class CatalogCountsDto {
  /** Products of the catalogue. */
  @ApiProperty({ type: 'integer' })
  total!: number;

  /** Those whose time to sell is known. */
  @ApiProperty({ type: 'integer' })
  known!: number;

  /** Those whose time to sell is not known. */
  @ApiProperty({ type: 'integer' })
  unknown!: number;
}

/** What answers, what is being trained, and what there is to learn from. */
export class TimeToSellStateDto {
  /** The registered model. */
  model!: SaleServingDto;

  /** The snapshot that answers now; null where none is in production. */
  @ApiProperty({ type: SnapshotDto, nullable: true })
  snapshot!: SnapshotDto | null;

  /** Snapshots that are skipped, as their package is missing or damaged: the newest twenty. */
  @ApiProperty({ type: [SnapshotDto] })
  skipped_snapshots!: SnapshotDto[];

  /** The training that runs. */
  @ApiProperty({ type: TrainingJobDto, nullable: true })
  running_job!: TrainingJobDto | null;

  /** The training that was asked for last. */
  @ApiProperty({ type: TrainingJobDto, nullable: true })
  last_job!: TrainingJobDto | null;

  /** The catalogue. */
  catalog!: CatalogCountsDto;
}
