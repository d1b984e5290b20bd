import type { ProblemCode } from './problems.js';
import { problems } from './problems.js';

/** One invalid member of a request. */
export interface FieldError {
  /** JSON pointer as a URI fragment to the member (RFC 6901 §6), e.g. `#/categories/0/id`. */
  pointer: string;
  /** What is wrong with it, for people. */
  detail: string;
}

export interface AppErrorOptions extends ErrorOptions {
  /** What is wrong this time, for people; safe to show to the caller. */
  detail?: string;
  /** Invalid members of the request. */
  errors?: readonly FieldError[];
  /** Seconds after which another try makes sense: sent as `Retry-After`. */
  retryAfterSeconds?: number;
}

/** An error with a code of the catalogue: what features throw, and what callers get as a problem document. */
export class AppError extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ProblemCode,
    { detail, errors, retryAfterSeconds, ...options }: AppErrorOptions = {},
  ) {
    super(detail ?? problems[code].title, options);
    this.name = new.target.name;
    this.status = problems[code].status;
    this.title = problems[code].title;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
