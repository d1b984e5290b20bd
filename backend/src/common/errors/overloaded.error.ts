import { AppError } from './app.error.js';

/** Seconds that callers are told to wait. */
const RETRY_AFTER_SECONDS = 1;

/** More is being asked than can be answered in time. */
export class OverloadedError extends AppError {
  constructor(cause?: unknown) {
    super('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
  }
}
