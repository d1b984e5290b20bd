import { ApiProperty } from '@nestjs/swagger';
import { PromotionDto, toPromotionDto } from '../../models/promotions/dto/promotion.dto.js';
import type { ModelPromotion } from '../../models/promotions/entities/model-promotion.entity.js';
import type { Experiment } from '../entities/experiment.entity.js';
import type { ArmResults, ExperimentResults } from '../results/experiment-results.js';
import { ALPHA, findBetter } from '../statistics/decide-winner.js';
import { MIN_OBSERVATIONS } from '../statistics/mixture-test.js';
import type { Comparison } from '../statistics/score-board.js';
import { ExperimentDto, toExperimentDto } from './experiment.dto.js';

/** A mean with an interval that holds at every look at once, with 95 % confidence. */
export class EstimateDto {
  /** Null of nothing. */
  @ApiProperty({ type: Number, nullable: true })
  mean!: number | null;

  /** Null before there are 100 outcomes. */
  @ApiProperty({ type: Number, nullable: true })
  lower!: number | null;

  /** Null before there are 100 outcomes. */
  @ApiProperty({ type: Number, nullable: true })
  upper!: number | null;
}

/** What one arm has done so far. */
export class ArmResultsDto {
  @ApiProperty({ format: 'uuid' })
  arm_id!: string;

  name!: string;

  shadow!: boolean;

  @ApiProperty({ format: 'uuid' })
  snapshot_id!: string;

  @ApiProperty({ type: 'integer' })
  model_version!: number;

  /** How many predictions the arm's own snapshot made. */
  @ApiProperty({ type: 'integer' })
  predictions!: number;

  /** Of how many products. */
  @ApiProperty({ type: 'integer' })
  products!: number;

  /** Of how many of them the outcome is known and counts: each once, with its first prediction. */
  @ApiProperty({ type: 'integer' })
  outcomes!: number;

  /** How many predictions production had to make because the arm's package could not; they count for nothing else. */
  @ApiProperty({ type: 'integer' })
  fallbacks!: number;

  /** In nats, lower is better; −ln of a probability below 0.001 counts as that of 0.001. */
  log_loss!: EstimateDto;

  /** How often the most probable class came true, 0 to 1. */
  accuracy!: EstimateDto;

  /** Brier's score over all classes, 0 to 2; lower is better. */
  brier!: EstimateDto;
}

/** How the log losses of two arms compare. */
export class ComparisonDto {
  @ApiProperty({ format: 'uuid' })
  first_arm_id!: string;

  @ApiProperty({ format: 'uuid' })
  second_arm_id!: string;

  /** Whether both predicted the same products, which takes far fewer of them. */
  paired!: boolean;

  /** Products that both predicted; of unpaired arms, those of the arm with fewer. */
  @ApiProperty({ type: 'integer' })
  outcomes!: number;

  /** Mean log loss of the first minus that of the second, in nats: negative where the first is better. */
  @ApiProperty({ type: Number, nullable: true })
  difference!: number | null;

  /** The interval holds at every look at once, for all comparisons of an arm together. Null before 100 outcomes. */
  @ApiProperty({ type: Number, nullable: true })
  lower!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  upper!: number | null;

  /** Evidence against there being no difference; from (number of arms − 1) / 0.05 on there is one. */
  @ApiProperty({ type: Number, nullable: true })
  e_value!: number | null;

  /** The arm that is better beyond doubt; null while that is open. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  better_arm_id!: string | null;
}

/** What an experiment has shown so far. */
export class ExperimentResultsDto {
  experiment!: ExperimentDto;

  /** The probability at most, over all looks together, of naming a winner where the best arms are equally good. */
  alpha!: number;

  /** Outcomes of each of two arms from which on they are compared. */
  @ApiProperty({ type: 'integer' })
  min_outcomes!: number;

  /** The arm whose log loss is lower than that of every other beyond doubt; null while there is none. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  winner_arm_id!: string | null;

  /** Why there is a winner, or none. */
  reason!: string;

  @ApiProperty({ type: [ArmResultsDto] })
  arms!: ArmResultsDto[];

  /** Every two arms. */
  @ApiProperty({ type: [ComparisonDto] })
  comparisons!: ComparisonDto[];
}

/** A promotion, and the experiment that it ended. */
export class WinnerPromotionDto {
  experiment!: ExperimentDto;

  promotion!: PromotionDto;
}

/** Results as callers see them. */
export function toResultsDto(results: ExperimentResults): ExperimentResultsDto {
  return {
    experiment: toExperimentDto(results.experiment),
    alpha: ALPHA,
    min_outcomes: MIN_OBSERVATIONS,
    winner_arm_id: results.winnerArmId,
    reason: results.reason,
    arms: results.arms.map(toArmResultsDto),
    comparisons: results.comparisons.map(toComparisonDto),
  };
}

/** A promotion as callers see it. */
export function toWinnerPromotionDto(experiment: Experiment, promotion: ModelPromotion): WinnerPromotionDto {
  return { experiment: toExperimentDto(experiment), promotion: toPromotionDto(promotion) };
}

function toArmResultsDto({ arm, predictions, products, outcomes, ...rest }: ArmResults): ArmResultsDto {
  return {
    arm_id: arm.id,
    name: arm.name,
    shadow: arm.isShadow,
    snapshot_id: arm.snapshotId,
    model_version: arm.modelVersion,
    predictions,
    products,
    outcomes,
    fallbacks: rest.fallbacks,
    log_loss: rest.logLoss,
    accuracy: rest.accuracy,
    brier: rest.brier,
  };
}

function toComparisonDto(comparison: Comparison): ComparisonDto {
  return {
    first_arm_id: comparison.firstArmId,
    second_arm_id: comparison.secondArmId,
    paired: comparison.isPaired,
    outcomes: comparison.outcomes,
    difference: comparison.difference,
    lower: comparison.lower,
    upper: comparison.upper,
    e_value: comparison.eValue,
    better_arm_id: findBetter(comparison),
  };
}
