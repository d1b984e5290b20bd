import { HttpException } from '@nestjs/common';
import { AppError } from './app.error.js';
import { isDatabaseUnavailable, isUniqueViolation } from './database-errors.js';
import type { ProblemCode } from './problems.js';

/** Seconds a caller is told to wait while a dependency is away. */
const RETRY_AFTER_SECONDS = 2;

const codeByStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'request-timeout',
  409: 'conflict',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  422: 'validation-failed',
  429: 'too-many-requests',
  431: 'headers-too-large',
  503: 'service-unavailable',
};

/** Codes of Fastify's errors whose meaning is finer than their status. */
const codeByFastifyCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-json',
};

/** A caught thing as the problem its caller is told of; what is not known to be the caller's fault is a 5xx without detail. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) {
    return thrown;
  }
  if (isUniqueViolation(thrown)) {
    return new AppError('conflict', { detail: 'Such a record exists already', cause: thrown });
  }
  if (isDatabaseUnavailable(thrown)) {
    return new AppError('database-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS, cause: thrown });
  }
  return fromHttpError(thrown);
}

function fromHttpError(thrown: unknown): AppError {
  const status = statusOf(thrown);
  const code =
    codeByFastifyCode[fastifyCodeOf(thrown)] ?? (status === undefined ? undefined : codeOf(status));
  if (code === undefined) {
    return new AppError('internal-error', { cause: thrown });
  }
  const isClientFault = status !== undefined && status < 500;
  return new AppError(code, {
    detail: isClientFault && thrown instanceof Error ? thrown.message : undefined,
    retryAfterSeconds: code === 'service-unavailable' ? RETRY_AFTER_SECONDS : undefined,
    cause: thrown,
  });
}

function codeOf(status: number): ProblemCode | undefined {
  return codeByStatus[status] ?? (status >= 400 && status < 500 ? 'bad-request' : undefined);
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) {
    return thrown.getStatus();
  }
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function fastifyCodeOf(thrown: unknown): string {
  const source = thrown instanceof HttpException ? thrown.cause : thrown;
  const code = (source as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
