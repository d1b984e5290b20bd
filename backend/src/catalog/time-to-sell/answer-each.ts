import { Logger } from '@nestjs/common';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validate } from 'class-validator';
import { AppError } from '../../common/errors/app.error.js';
import { buildProblem } from '../../common/errors/build-problem.js';
import type { ProblemDto } from '../../common/errors/problem.dto.js';
import { toAppError } from '../../common/errors/to-app-error.js';
import { toFieldErrors } from '../../common/errors/validation.pipe.js';

const logger = new Logger('TimeToSell');

/**
 * The items of a batch.
 *
 * @throws AppError `batch-empty`, `batch-too-large`
 */
export function readItems(body: readonly unknown[], maxItems: number): readonly unknown[] {
  if (body.length === 0) throw new AppError('batch-empty');
  if (body.length <= maxItems) return body;
  throw new AppError('batch-too-large', {
    detail: `The batch has ${body.length} items; at most ${maxItems} are answered`,
  });
}

/** What is wrong with one item of a batch, as its own answer. */
export function answerProblem(thrown: unknown, traceId: string): ProblemDto {
  const error = toAppError(thrown);
  if (error.status >= 500) logger.error({ msg: 'A batch item failed', traceId, err: error.cause ?? error });
  return buildProblem(error, { traceId });
}

/**
 * Validates one item as bodies are: unknown members are refused.
 *
 * @throws AppError `validation-failed`
 */
export async function readItem<T extends object>(type: ClassConstructor<T>, value: unknown): Promise<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('validation-failed', { errors: [{ pointer: '#', detail: 'must be an object' }] });
  }
  const item = plainToInstance(type, value);
  const errors = await validate(item, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) {
    throw new AppError('validation-failed', { errors: errors.flatMap((error) => toFieldErrors(error)) });
  }
  return item;
}
