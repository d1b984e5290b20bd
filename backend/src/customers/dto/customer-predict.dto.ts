import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsObject, Max, Min, ValidateIf, ValidateNested } from 'class-validator';

const ATTR_B = ['a', 'b', 'c', 'd'];
const isGiven = (_dto: object, value: unknown): boolean => value !== undefined;

/** What the label model reads, by name: the order of the members has no meaning. */
export class PredictFeaturesDto {
  /** Attribute of the profile. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  @IsInt()
  @Min(1)
  @Max(5)
  attr_a!: number;

  /** Attribute of the profile. */
  @ApiProperty({ enum: ATTR_B })
  @IsIn(ATTR_B)
  attr_b!: string;

  /** Activity. */
  @ApiProperty({ type: Number, minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  scd_a!: number;

  /** Activity. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  @IsInt()
  @Min(1)
  @Max(5)
  scd_b!: number;
}

/** Which customer's label is asked for. */
export class CustomerPredictDto {
  /** Index of the customer. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  idx!: number;

  /** What is known of the customer; read from the feature store where it is left out. */
  @ApiProperty({ type: PredictFeaturesDto, required: false })
  @ValidateIf(isGiven)
  @IsObject()
  @ValidateNested()
  @Type(() => PredictFeaturesDto)
  features?: PredictFeaturesDto;
}

/** The version of a registered model. */
export class CustomerModelDto {
  /** Registered model. */
  name!: string;

  /** Its version. */
  @ApiProperty({ type: 'integer' })
  version!: number;
}

/** The label that a model expects. */
export class CustomerPredictionDto {
  /** Identity of the stored prediction. */
  @ApiProperty({ format: 'uuid' })
  prediction_id!: string;

  /** Index of the customer. */
  @ApiProperty({ type: 'integer' })
  idx!: number;

  /** The more probable label. */
  @ApiProperty({ type: 'integer' })
  label!: number;

  /** Its probability, were both labels equally frequent. */
  @ApiProperty({ type: Number, minimum: 0, maximum: 1 })
  probability!: number;

  /** Which model answered. */
  model!: CustomerModelDto;
}
