import { ApiProperty } from '@nestjs/swagger';
import {
  IsInt,
  IsNotEmpty,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';

/** Largest value of an `integer` column. */
const INT_MAX = 2_147_483_647;

const isAboutProduct = (dto: CreateFeedbackDto): boolean => dto.prediction_id === undefined;
const isGiven = (_dto: object, value: unknown): boolean => value !== undefined;

/**
 * The right category of a prediction (`prediction_id`), or of a product that was predicted elsewhere
 * (`product_id` with `model_version`).
 */
export class CreateFeedbackDto {
  /** The stored prediction that is judged; what follows about product and model is left out then. */
  @ApiProperty({ type: String, format: 'uuid', required: false })
  @ValidateIf(isGiven)
  @IsUUID()
  prediction_id?: string;

  /** Your own name of the product. */
  @ApiProperty({ type: String, required: false, maxLength: 200 })
  @ValidateIf((dto: CreateFeedbackDto) => isAboutProduct(dto) || dto.product_id !== undefined)
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  @Matches(/^[^\u0000]*$/, { message: 'product_id must not contain NUL' })
  product_id?: string;

  /** Registered model that answered; the fusion model where it is left out. */
  @ApiProperty({ type: String, required: false, maxLength: 200 })
  @ValidateIf(isGiven)
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  model_name?: string;

  /** Version of the model that answered. */
  @ApiProperty({ type: 'integer', required: false, minimum: 1 })
  @ValidateIf((dto: CreateFeedbackDto) => isAboutProduct(dto) || dto.model_version !== undefined)
  @IsInt()
  @Min(1)
  @Max(INT_MAX)
  model_version?: number;

  /** What the model had answered; without it the feedback is kept but counts for no accuracy. */
  @ApiProperty({ type: 'integer', required: false })
  @ValidateIf(isGiven)
  @IsInt()
  predicted_category_id?: number;

  /** The category that the product really belongs to. */
  @ApiProperty({ type: 'integer' })
  @IsInt()
  real_category_id!: number;
}

/** A correction of one's feedback. */
export class UpdateFeedbackDto {
  /** The category that the product really belongs to. */
  @ApiProperty({ type: 'integer' })
  @IsInt()
  real_category_id!: number;
}
