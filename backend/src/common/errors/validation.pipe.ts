import type { ArgumentMetadata, ValidationError } from '@nestjs/common';
import { Injectable, ValidationPipe } from '@nestjs/common';
import type { FieldError } from './app.error.js';
import { AppError } from './app.error.js';

/** Validates bodies, queries and parameters against their DTO: unknown members are refused, the answer is a 422 problem. */
@Injectable()
export class AppValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: false,
      exceptionFactory: (errors) =>
        new AppError('validation-failed', { errors: errors.flatMap((e) => toFieldErrors(e)) }),
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // class-transformer leaves arrays and scalars as they are: only an object can be the DTO.
    if (
      metadata.type === 'body' &&
      this.toValidate(metadata) &&
      !isPlainObject(value) &&
      metadata.metatype !== Array
    ) {
      throw new AppError('validation-failed', {
        errors: [{ pointer: '#', detail: 'the body must be an object' }],
      });
    }
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

/** class-validator's tree of errors as a flat list of pointers. */
export function toFieldErrors(error: ValidationError, parent = '#'): FieldError[] {
  const pointer = `${parent}/${escapePointer(error.property)}`;
  const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail }));
  return [...own, ...(error.children ?? []).flatMap((child) => toFieldErrors(child, pointer))];
}

/** RFC 6901 §3 and §6: `~` and `/` are escaped, the rest is percent-encoded as a URI fragment. */
function escapePointer(property: string): string {
  const escaped = property.replaceAll('~', '~0').replaceAll('/', '~1');
  return encodeURIComponent(escaped.toWellFormed());
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}
