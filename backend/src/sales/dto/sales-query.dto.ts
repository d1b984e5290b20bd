import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { OutlierMethod } from '../gold/build-monthly.js';

/** Most rows of one page. */
const MAX_LIMIT = 10_000;
const MAX_VEGETABLES = 100;
const FIRST_MONTH = 190_001;
const LAST_MONTH = 220_012;

/** Which part of the rows is asked for; all of them where `limit` is left out. */
export class SalesPageQueryDto {
  /** How many rows to answer with at most; the answer's `Link` header leads to the next ones. */
  @ApiProperty({ type: 'integer', required: false, minimum: 1, maximum: MAX_LIMIT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  limit?: number;

  /** Where the page before ended: its `x-next-cursor` header. */
  @ApiProperty({ type: String, required: false })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  cursor?: string;
}

/** Which vegetables and months. */
export class SalesFilterQueryDto {
  /** Vegetables, in any known language and spelling; several with commas between or repeated. All where left out. */
  @ApiProperty({ type: [String], required: false, maxItems: MAX_VEGETABLES })
  @IsOptional()
  @Transform(({ value }) => splitList(value))
  @IsArray()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  vegetable?: string[];

  /** First month, `YYYYMM` or `YYYY-MM`. */
  @ApiProperty({ type: 'integer', required: false })
  @IsOptional()
  @Transform(({ value }) => parseMonth(value))
  @IsMonth()
  from?: number;

  /** Last month, `YYYYMM` or `YYYY-MM`. */
  @ApiProperty({ type: 'integer', required: false })
  @IsOptional()
  @Transform(({ value }) => parseMonth(value))
  @IsMonth()
  to?: number;

  /** How outliers are found: above mean + 5 sample deviations (`sd`), or robustly by the median of logs (`mad`). */
  @ApiProperty({ enum: ['sd', 'mad'], required: false, default: 'sd' })
  @IsIn(['sd', 'mad'])
  outlier_method: OutlierMethod = 'sd';
}

/** What is asked of monthly sales. */
export class MonthlySalesQueryDto extends IntersectionType(SalesFilterQueryDto, SalesPageQueryDto) {
  /** Whether outlier weeks leave the sums: `true`, `false`, `1` or `0`, in any case. */
  @ApiProperty({ type: Boolean, required: false, default: false })
  @Transform(({ value }) => parseFlag(value))
  @IsBoolean({ message: 'remove_outliers must be true, false, 1 or 0' })
  remove_outliers: boolean = false;
}

/** What is asked of initialising the store. */
export class InitDatabaseQueryDto {
  /** Whether everything that is stored is removed. */
  @ApiProperty({ type: Boolean, required: false, default: false })
  @Transform(({ value }) => parseFlag(value))
  @IsBoolean({ message: 'reset must be true, false, 1 or 0' })
  reset: boolean = false;
}

function IsMonth(): PropertyDecorator {
  return (target, key) => {
    for (const decorate of [
      IsInt({ message: '$property must be a month as YYYYMM' }),
      Min(FIRST_MONTH),
      Max(LAST_MONTH),
    ]) {
      decorate(target, key as string);
    }
  };
}

function parseMonth(value: unknown): unknown {
  const match = typeof value === 'string' ? /^(\d{4})-?(0[1-9]|1[0-2])$/.exec(value) : null;
  return match ? Number(match[1]) * 100 + Number(match[2]) : value;
}

function parseFlag(value: unknown): unknown {
  const text = typeof value === 'string' ? value.toLowerCase() : value;
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : text;
}

function splitList(value: unknown): unknown {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((item) =>
    typeof item === 'string' ? item.split(',').map((name) => name.trim()) : [item],
  );
}
