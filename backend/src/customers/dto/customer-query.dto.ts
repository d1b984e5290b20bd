import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsDate, IsIn, IsInt, Max, Min, ValidateIf } from 'class-validator';
import { EXPORT_FORMATS, type ExportFormat } from '../features/feature-export.js';

/** Which customer is asked about. */
export class CustomerParamsDto {
  /** Index of the customer. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  @Transform(({ value }) => toWhole(value))
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  idx!: number;
}

/** Of which time features are asked. */
export class FeaturesQueryDto {
  /** Time in ISO 8601 that the activity must be valid at; the label’s own where it is left out. */
  @ApiProperty({ type: String, format: 'date-time', required: false })
  @ValidateIf((_dto, value) => value !== undefined)
  @Type(() => Date)
  @IsDate({ message: 'at must be a time in ISO 8601' })
  at?: Date;
}

/** In which form the feature store is exported. */
export class ExportQueryDto {
  /** Form of the file. */
  @ApiProperty({ enum: Object.keys(EXPORT_FORMATS), default: 'csv', required: false })
  @IsIn(Object.keys(EXPORT_FORMATS))
  format: ExportFormat = 'csv';
}

/** Only digits are a whole number here: `Number` would also take 1e3, 0x10 and blanks. */
function toWhole(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
}
