import { ApiProperty } from '@nestjs/swagger';
import type { Modality } from '@vitrine/inference';
import { PageOf } from '../../common/crud/page.dto.js';

/** How a registered model is being served. */
export class ServingDto {
  /** What the model answers from. */
  @ApiProperty({ enum: ['text', 'image', 'fusion', 'tabular'] })
  modality!: Modality | 'tabular';

  /** `ready`: the wanted version serves. `degraded`: another one does, see `reason`. `missing`: none does. */
  @ApiProperty({ enum: ['ready', 'degraded', 'missing'] })
  state!: 'ready' | 'degraded' | 'missing';

  /** The version that answers now. */
  @ApiProperty({ type: 'integer', nullable: true })
  version!: number | null;

  /** The version that the served alias names. */
  @ApiProperty({ type: 'integer', nullable: true })
  wanted_version!: number | null;

  /** Why the model is not ready. */
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

/** One version of a registered model. */
export class ModelVersionDto {
  /** 1, 2, 3… within the model. */
  @ApiProperty({ type: 'integer' })
  version!: number;

  /** When it was registered. */
  created_at!: Date;

  /** The run that made it. */
  @ApiProperty({ type: String, nullable: true })
  run_id!: string | null;

  /** What whoever registered it wrote. */
  description!: string;

  /** Aliases that name it now. */
  @ApiProperty({ type: [String] })
  aliases!: string[];

  /** Its other tags by name. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  tags!: Record<string, string>;

  /** Whether this version answers now. */
  is_served!: boolean;

  /** Measured on the test split at training time; empty where whoever registered it gave none. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  metrics!: Record<string, number>;
}

/** A registered model. */
export class ModelDto {
  /** Its name. */
  name!: string;

  /** When its first version was registered. */
  created_at!: Date;

  /** What whoever registered it wrote. */
  description!: string;

  /** Version by alias. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  aliases!: Record<string, number>;

  /** How it is being served; null for a model that this service does not serve. */
  @ApiProperty({ type: ServingDto, nullable: true })
  serving!: ServingDto | null;

  /** Its versions, newest first: the latest ten in a list, all of them for one model. */
  @ApiProperty({ type: [ModelVersionDto] })
  versions!: ModelVersionDto[];
}

/** One part of the list of registered models. */
export class ModelPageDto extends PageOf(ModelDto) {}
