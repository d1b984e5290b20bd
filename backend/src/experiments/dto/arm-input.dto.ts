import { ApiProperty } from '@nestjs/swagger';
import {
  IsBoolean,
  IsNumber,
  IsPositive,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  ValidateIf,
} from 'class-validator';

const MAX_WEIGHT = 1_000_000;

/** One of the snapshots that are compared. */
export class ArmInputDto {
  /** What it is called in the results; distinct within the experiment. */
  @ApiProperty({ maxLength: 100 })
  @IsString()
  @MaxLength(100)
  @Matches(/\S/, { message: 'name must say something' })
  @Matches(/^[^\u0000]*$/, { message: 'name must not contain NUL' })
  name!: string;

  /** The snapshot; distinct within the experiment. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  snapshot_id!: string;

  /**
   * Share of the products relative to the other arms': 1 and 1 are halves, as 50 and 50 are. Left out of shadows, which
   * see every product of the experiment.
   */
  @ApiProperty({ type: Number, required: false, minimum: 0, exclusiveMinimum: true, maximum: MAX_WEIGHT })
  @ValidateIf((arm: ArmInputDto) => arm.shadow !== true || arm.weight !== undefined)
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @IsPositive()
  @Max(MAX_WEIGHT)
  weight?: number;

  /** Computes and stores its predictions beside those that are answered, and never answers. */
  @ApiProperty({ type: Boolean, required: false, default: false })
  @ValidateIf((_arm, value) => value !== undefined)
  @IsBoolean()
  shadow?: boolean;
}
