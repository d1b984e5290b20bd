import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsString, IsUUID, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { ArmInputDto } from './arm-input.dto.js';
import { ArmsField, DaysField, PercentField, TextField } from './experiment-fields.decorators.js';

const MAX_NAME = 200;
const MAX_HYPOTHESIS = 2_000;
const MAX_REASON = 800;

const isGiven = (_dto: object, value: unknown): boolean => value !== undefined;

/** How much of the shop takes part. */
export class RampDto {
  /** Share of the products in the experiment, in %. */
  @ApiProperty({ minimum: 0, maximum: 100 })
  @PercentField()
  ramp_percent!: number;
}

/** An experiment to be put together. */
export class CreateExperimentDto {
  /** What it is called. */
  @ApiProperty({ maxLength: MAX_NAME })
  @TextField(MAX_NAME)
  name!: string;

  /** What is expected of it. */
  @ApiProperty({ type: String, required: false, maxLength: MAX_HYPOTHESIS, default: '' })
  @ValidateIf(isGiven)
  @IsString()
  @MaxLength(MAX_HYPOTHESIS)
  @Matches(/^[^\u0000]*$/, { message: 'hypothesis must not contain NUL' })
  hypothesis?: string;

  /** Share of the products in the experiment, in %; it can be changed while it runs. */
  @ApiProperty({ type: Number, required: false, minimum: 0, maximum: 100, default: 100 })
  @ValidateIf(isGiven)
  @PercentField()
  ramp_percent?: number;

  /**
   * Days after its prediction from which on a product's outcome counts. What sells fast is known first: with as many
   * days as it takes to know nearly all outcomes, a model that is only good at what sells fast is not taken for the
   * better one.
   */
  @ApiProperty({ type: 'integer', required: false, minimum: 0, maximum: 3650, default: 0 })
  @ValidateIf(isGiven)
  @DaysField()
  maturity_days?: number;

  /** Two to ten snapshots of one model, at least one of which answers. */
  @ArmsField({ required: true })
  arms!: ArmInputDto[];
}

/** Changes to an experiment that has not started; what is left out stays. */
export class UpdateExperimentDto {
  /** What it is called. */
  @ApiProperty({ type: String, required: false, maxLength: MAX_NAME })
  @ValidateIf(isGiven)
  @TextField(MAX_NAME)
  name?: string;

  /** What is expected of it. */
  @ApiProperty({ type: String, required: false, maxLength: MAX_HYPOTHESIS })
  @ValidateIf(isGiven)
  @IsString()
  @MaxLength(MAX_HYPOTHESIS)
  @Matches(/^[^\u0000]*$/, { message: 'hypothesis must not contain NUL' })
  hypothesis?: string;

  /** Share of the products in the experiment, in %. */
  @ApiProperty({ type: Number, required: false, minimum: 0, maximum: 100 })
  @ValidateIf(isGiven)
  @PercentField()
  ramp_percent?: number;

  /** Days after its prediction from which on a product's outcome counts. */
  @ApiProperty({ type: 'integer', required: false, minimum: 0, maximum: 3650 })
  @ValidateIf(isGiven)
  @DaysField()
  maturity_days?: number;

  /** Its arms anew. */
  @ValidateIf(isGiven)
  @ArmsField({ required: false })
  arms?: ArmInputDto[];
}

/** Which arm is promoted, and why. */
export class PromoteWinnerDto {
  /** Another arm than the winner, or one while there is none; needs `force`. */
  @ApiProperty({ type: String, format: 'uuid', required: false })
  @ValidateIf(isGiven)
  @IsUUID()
  arm_id?: string;

  /** Promote it although it is no winner, or although the promotion's gate objects; needs a reason. */
  @ApiProperty({ type: Boolean, required: false, default: false })
  @ValidateIf(isGiven)
  @IsBoolean()
  force?: boolean;

  /** Why; kept with the promotion. */
  @ApiProperty({ type: String, required: false, maxLength: MAX_REASON })
  @ValidateIf((dto: PromoteWinnerDto, value) => value !== undefined || dto.force === true)
  @TextField(MAX_REASON)
  reason?: string;
}
