import type { PipeTransform } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { ArgumentMetadata } from '@nestjs/common';
import { AppError } from './app.error.js';

/** Lets only UUIDs through a path parameter: `@Param('id', UuidParamPipe) id: string`. */
@Injectable()
export class UuidParamPipe implements PipeTransform<string, string> {
  transform(value: string, metadata: ArgumentMetadata): string {
    if (!isUUID(value)) {
      throw new AppError('validation-failed', {
        errors: [{ pointer: `#/${metadata.data ?? 'id'}`, detail: 'must be a UUID' }],
      });
    }
    return value.toLowerCase();
  }
}
