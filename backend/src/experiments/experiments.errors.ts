import { AppError, type FieldError } from '../common/errors/app.error.js';
import type { ExperimentStatus } from './entities/experiment.entity.js';

export class ExperimentNotFoundError extends AppError {
  constructor() {
    super('experiment-not-found');
  }
}

/** What was asked for is done with experiments of another status. */
export class ExperimentStatusError extends AppError {
  constructor(needed: string, status: ExperimentStatus) {
    super('experiment-status', { detail: `It must be ${needed}, and is ${status}` });
  }
}

/** One experiment at a time has the products of a model. */
export class ExperimentRunningError extends AppError {
  constructor(cause: unknown) {
    super('experiment-running', { detail: 'Stop the experiment that runs on this model first', cause });
  }
}

/** Arms that cannot be compared. */
export class ArmsInvalidError extends AppError {
  constructor(errors: readonly FieldError[]) {
    super('validation-failed', { errors });
  }
}

/** No arm is better than every other, or not the one that was named. */
export class ExperimentUndecidedError extends AppError {
  constructor(detail: string) {
    super('experiment-undecided', { detail: `${detail}; force with a reason promotes all the same` });
  }
}
