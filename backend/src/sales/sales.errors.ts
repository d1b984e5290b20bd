import { AppError, type FieldError } from '../common/errors/app.error.js';

/** Records come in faster than they can be made durable. */
export class SalesOverloadedError extends AppError {
  constructor(cause: unknown) {
    super('overloaded', { retryAfterSeconds: 1, cause });
  }
}

/** A request for sales that cannot be understood. */
export class SalesRequestError extends AppError {
  constructor(errors: readonly FieldError[]) {
    super('validation-failed', { errors });
  }
}
