import { AppError } from '../../common/errors/app.error.js';

/** This installation serves models and cannot train them. */
export class TrainingUnavailableError extends AppError {
  constructor() {
    super('training-unavailable', {
      detail: 'The training workspace is not installed here: train where it is, and register the model',
    });
  }
}

/** A training that ended without a result; callers are told nothing of its inside. */
export class TrainingFailedError extends AppError {
  constructor(
    /** What happened, in a sentence. */
    readonly reason: string,
    /** The last lines that it wrote: for logs and administrators. */
    readonly output: readonly string[],
    options?: ErrorOptions,
  ) {
    super('training-failed', { cause: new Error([reason, ...output].join('\n'), options) });
  }
}
