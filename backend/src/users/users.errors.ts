import { AppError } from '../common/errors/app.error.js';

export class UserNotFoundError extends AppError {
  constructor() {
    super('user-not-found');
  }
}

export class EmailTakenError extends AppError {
  constructor(cause: unknown) {
    super('email-taken', { errors: [{ pointer: '#/email', detail: 'is in use' }], cause });
  }
}

export class LastAdminError extends AppError {
  constructor() {
    super('last-admin');
  }
}

export class OwnAccountError extends AppError {
  constructor() {
    super('own-account', { detail: 'Another administrator must do this' });
  }
}

export class PasswordIncorrectError extends AppError {
  constructor() {
    super('password-incorrect', { errors: [{ pointer: '#/current_password', detail: 'is wrong' }] });
  }
}
