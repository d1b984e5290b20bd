import { AppError } from '../common/errors/app.error.js';

export class UnauthorizedError extends AppError {
  constructor(detail: string, options?: ErrorOptions) {
    super('unauthorized', { detail, ...options });
  }
}

export class ForbiddenError extends AppError {
  constructor() {
    super('forbidden', { detail: 'Only administrators may do this' });
  }
}

/** Says the same for an unknown user, a wrong password and an inactive account. */
export class CredentialsIncorrectError extends AppError {
  constructor() {
    super('credentials-incorrect');
  }
}

export class TooManyLoginsError extends AppError {
  constructor(retryAfterSeconds: number) {
    super('too-many-requests', { detail: 'Too many failed logins: try again later', retryAfterSeconds });
  }
}
