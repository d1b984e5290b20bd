import type { AppError } from './app.error.js';
import type { ProblemDto } from './problem.dto.js';
import { problemType } from './problems.js';

/** Media type of problem documents (RFC 9457 §6.1). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** The problem document of an error; also what a batch answers for an item that failed. */
export function buildProblem(error: AppError, request: { instance?: string; traceId: string }): ProblemDto {
  return {
    type: problemType(error.code),
    title: error.title,
    status: error.status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(request.instance === undefined ? {} : { instance: request.instance }),
    traceId: request.traceId,
    ...(error.errors === undefined ? {} : { errors: [...error.errors] }),
  };
}
