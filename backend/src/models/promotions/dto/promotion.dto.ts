import { ApiProperty } from '@nestjs/swagger';
import type { GateScores } from '@vitrine/mlflow';
import { Matches, ValidateIf } from 'class-validator';
import { PageOf, PageQueryDto } from '../../../common/crud/page.dto.js';
import { ServingDto } from '../../dto/model.dto.js';
import type { ModelPromotion, RecordedAction } from '../entities/model-promotion.entity.js';
import { ALIAS } from './promotion-input.dto.js';

/** What a version scored on its test split. */
export class GateScoresDto {
  @ApiProperty({ type: 'integer' })
  version!: number;

  /** Identifies the test split. */
  @ApiProperty({ type: String, nullable: true })
  test_hash!: string | null;

  /** 0 to 1, higher is better. */
  @ApiProperty({ type: Number, nullable: true })
  weighted_f1!: number | null;

  /** In nats, lower is better. */
  @ApiProperty({ type: Number, nullable: true })
  log_loss!: number | null;

  /** Probability of scoring as well by chance; null where it was not tested. */
  @ApiProperty({ type: Number, nullable: true })
  chance_p_value!: number | null;
}

/** How a version compared with the one in place. */
export class GateDto {
  /** Whether it was no worse. */
  passed!: boolean;

  /** What spoke against it. */
  objections!: string[];

  candidate!: GateScoresDto;

  /** Null where there was none. */
  @ApiProperty({ type: GateScoresDto, nullable: true })
  in_place!: GateScoresDto | null;
}

/** One move of an alias. */
export class PromotionDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** The registered model. */
  model!: string;

  alias!: string;

  /** The version before; null where the alias named none. */
  @ApiProperty({ type: 'integer', nullable: true })
  from_version!: number | null;

  /** The version since then; null where the alias was removed. */
  @ApiProperty({ type: 'integer', nullable: true })
  to_version!: number | null;

  /** `move` and `remove` were made in the registry without a word on what they were meant as. */
  @ApiProperty({ enum: ['promote', 'rollback', 'move', 'remove'] })
  action!: RecordedAction;

  /** `api`: made here. `direct`: made in the registry, and noticed. */
  @ApiProperty({ enum: ['api', 'direct'] })
  source!: 'api' | 'direct';

  /** Who made it; empty where nobody knows. */
  moved_by!: string;

  /** Why; empty where nobody said. */
  reason!: string;

  /** Whether the gate was overruled. */
  is_forced!: boolean;

  /** How the versions compared; null where there was nothing to compare, or it is not known. */
  @ApiProperty({ type: GateDto, nullable: true })
  gate!: GateDto | null;

  /** When the alias moved, or was seen to have moved. */
  moved_at!: Date;
}

/** One part of a model's history. */
export class PromotionPageDto extends PageOf(PromotionDto) {}

/** Which part of the history is asked for. */
export class HistoryQueryDto extends PageQueryDto {
  /** Moves of this alias only. */
  @ApiProperty({ type: String, required: false, pattern: ALIAS.source })
  @ValidateIf((_dto, value) => value !== undefined)
  @Matches(ALIAS, { message: 'alias must be a name of letters, digits, - and _, and no version' })
  alias?: string;
}

/** A move, and how the model is being served since. */
export class PromotionResultDto {
  promotion!: PromotionDto;

  /** Null for a model that this service does not serve. */
  @ApiProperty({ type: ServingDto, nullable: true })
  serving!: ServingDto | null;
}

/** A record as callers see it. */
export function toPromotionDto(record: ModelPromotion): PromotionDto {
  const { id, modelName, alias, fromVersion, toVersion, gate } = record;
  return {
    id,
    model: modelName,
    alias,
    from_version: fromVersion,
    to_version: toVersion,
    action: record.action,
    source: record.source,
    moved_by: record.movedBy,
    reason: record.reason,
    is_forced: record.isForced,
    gate: gate && {
      passed: gate.passed,
      objections: gate.objections,
      candidate: toScores(gate.candidate),
      in_place: gate.inPlace && toScores(gate.inPlace),
    },
    moved_at: record.movedAt,
  };
}

function toScores(scores: GateScores): GateScoresDto {
  const { version, testHash, weightedF1, logLoss, chancePValue = null } = scores;
  return {
    version,
    test_hash: testHash,
    weighted_f1: weightedF1,
    log_loss: logLoss,
    chance_p_value: chancePValue,
  };
}
