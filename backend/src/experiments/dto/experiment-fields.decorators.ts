import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsNumber,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ArmInputDto } from './arm-input.dto.js';

const MAX_ARMS = 10;
const MAX_MATURITY_DAYS = 3_650;

/** A text that says something; NUL, which Postgres cannot hold, is refused. */
export const TextField = (maxLength: number): PropertyDecorator =>
  applyDecorators(
    IsString(),
    MaxLength(maxLength),
    Matches(/\S/, { message: '$property must say something' }),
    Matches(/^[^\u0000]*$/, { message: '$property must not contain NUL' }),
  );

/** A share in %. */
export const PercentField = (): PropertyDecorator =>
  applyDecorators(IsNumber({ allowNaN: false, allowInfinity: false }), Min(0), Max(100));

/** Whole days. */
export const DaysField = (): PropertyDecorator => applyDecorators(IsInt(), Min(0), Max(MAX_MATURITY_DAYS));

/** Snapshots that are compared. */
export const ArmsField = ({ required }: { required: boolean }): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [ArmInputDto], required, minItems: 2, maxItems: MAX_ARMS }),
    IsArray(),
    ArrayMinSize(2, { message: 'arms must be two or more' }),
    ArrayMaxSize(MAX_ARMS),
    ArrayUnique((arm: ArmInputDto | null) => arm?.name, { message: 'arms must have distinct names' }),
    ArrayUnique((arm: ArmInputDto | null) => arm?.snapshot_id, {
      message: 'arms must have distinct snapshots',
    }),
    ValidateNested({ each: true }),
    Type(() => ArmInputDto),
  );
