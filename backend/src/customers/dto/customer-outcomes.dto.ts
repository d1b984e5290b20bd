import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsUUID, ValidateNested } from 'class-validator';

const MAX_OUTCOMES = 1_000;

/** What became of one prediction. */
export class CustomerOutcomeDto {
  /** The stored prediction. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  prediction_id!: string;

  /** The label that turned out right. */
  @ApiProperty({ enum: [0, 1] })
  @IsIn([0, 1])
  label!: number;
}

/** What became of some predictions. */
export class CustomerOutcomesDto {
  /** One a prediction. */
  @ApiProperty({ type: [CustomerOutcomeDto], maxItems: MAX_OUTCOMES, minItems: 1 })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_OUTCOMES)
  @ValidateNested({ each: true })
  @Type(() => CustomerOutcomeDto)
  outcomes!: CustomerOutcomeDto[];
}

/** How right the latest judged predictions of a model version were. */
export class CustomerAccuracyDto {
  /** Registered model. */
  model_name!: string;

  /** Version whose predictions were judged; null where there are none. */
  @ApiProperty({ type: 'integer', nullable: true })
  model_version!: number | null;

  /** Predictions looked at. */
  @ApiProperty({ type: 'integer' })
  judged!: number;

  /** Share of them that was right; null where none is judged. */
  @ApiProperty({ type: Number, minimum: 0, maximum: 1, nullable: true })
  accuracy!: number | null;

  /** Accuracy below which the model is trained anew. */
  @ApiProperty({ type: Number, minimum: 0, maximum: 1 })
  threshold!: number;

  /** Whether the accuracy is below it, over enough predictions. */
  is_degraded!: boolean;
}

/** What was made of reported outcomes. */
export class CustomerOutcomesResultDto {
  /** Predictions that are judged now. */
  @ApiProperty({ type: 'integer' })
  judged!: number;

  /** Predictions that are not there, or are another user’s. */
  @ApiProperty({ type: [String] })
  unknown!: string[];

  /** Where the model stands with them. */
  accuracy!: CustomerAccuracyDto;
}
