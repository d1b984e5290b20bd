import { Injectable, type PipeTransform } from '@nestjs/common';
import { AppError } from '../../common/errors/app.error.js';
import { productFields } from './product-fields.js';

/** Lets only ids that a product can have through a path parameter. */
@Injectable()
export class ProductIdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const id = Number(value);
    if (/^\d{1,16}$/.test(value) && id <= productFields.id.max) return id;
    const detail = `must be a whole number between 0 and ${productFields.id.max}`;
    throw new AppError('validation-failed', { errors: [{ pointer: '#/id', detail }] });
  }
}
