import { ApiProperty } from '@nestjs/swagger';
import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';

/** Largest value of an `integer` column. */
const INT_MAX = 2_147_483_647;
/** MLflow's alias names: neither `latest` nor what looks like a version. */
export const ALIAS = /^(?!latest$)(?!v\d+$)[\w-]{1,100}$/i;

const isGiven = (_dto: object, value: unknown): boolean => value !== undefined;

/** Which alias goes back, and why. */
export class RollbackDto {
  /** The alias; the one that is served where it is left out. */
  @ApiProperty({ type: String, required: false, maxLength: 100, pattern: ALIAS.source })
  @ValidateIf(isGiven)
  @Matches(ALIAS, { message: 'alias must be a name of letters, digits, - and _, and no version' })
  alias?: string;

  /** Why; kept with the record and with the version. */
  @ApiProperty({ type: String, required: false, maxLength: 1000 })
  @ValidateIf((dto: { force?: unknown }, value) => value !== undefined || dto.force === true)
  @IsString()
  @MaxLength(1000)
  @Matches(/^[^\u0000]*$/, { message: 'reason must not contain NUL' })
  @Matches(/\S/, { message: 'reason must say something' })
  @IsNotEmpty({ message: 'reason is needed to force a promotion' })
  reason?: string;
}

/** Which version an alias shall name, and why. */
export class PromoteDto extends RollbackDto {
  /** The version to promote. */
  @ApiProperty({ type: 'integer', minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(INT_MAX)
  version!: number;

  /** Promote it although it is worse or cannot be compared; needs a reason. */
  @ApiProperty({ type: Boolean, required: false, default: false })
  @ValidateIf(isGiven)
  @IsBoolean()
  force?: boolean;
}
