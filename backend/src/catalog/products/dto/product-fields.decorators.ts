import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsNumber, IsString, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import type { Product } from '../entities/product.entity.js';
import { productFields, type ProductField } from '../product-fields.js';

/** A column of the catalogue in a request's body: null or left out where it is not known. */
export function OptionalField(name: keyof Product): PropertyDecorator {
  return applyDecorators(
    ValidateIf((_dto, value) => value !== undefined && value !== null),
    RequiredField(name, { required: false, nullable: true }),
  );
}

/** A column of the catalogue that a body must hold. */
export function RequiredField(name: keyof Product, presence = {}): PropertyDecorator {
  const field: ProductField = productFields[name];
  if (field.kind === 'text') {
    const { maxLength } = field;
    return applyDecorators(
      ApiProperty({ type: String, maxLength, ...presence }),
      IsString(),
      MaxLength(maxLength),
      Matches(/^[^\0]*$/, { message: `${name} must not contain NUL` }),
    );
  }
  const { kind, min, max } = field;
  return applyDecorators(
    ApiProperty({ type: kind, minimum: min, maximum: max, ...presence }),
    kind === 'integer' ? IsInt() : IsNumber(),
    Min(min),
    Max(max),
  );
}
