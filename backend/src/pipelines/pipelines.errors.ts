import { AppError, type FieldError } from '../common/errors/app.error.js';
import type { RunRecord } from './store/run-records.js';

export class PipelineNotFoundError extends AppError {
  constructor() {
    super('pipeline-not-found');
  }
}

export class PipelineRunNotFoundError extends AppError {
  constructor() {
    super('pipeline-run-not-found');
  }
}

/** A request names a step, a time or a parameter that the pipeline does not take. */
export class PipelineInputError extends AppError {
  constructor(errors: readonly FieldError[]) {
    super('validation-failed', { errors });
  }
}

/** There is a run for that time already, and it was started with other parameters. */
export class PipelineRunExistsError extends AppError {
  constructor({ id, state }: RunRecord) {
    super('pipeline-run-exists', {
      detail: `Run ${id} (${state}) was started for that time with other parameters: retry it, or choose another time`,
    });
  }
}

/** What is asked does not fit the state that the run is in. */
export class PipelineRunStateError extends AppError {
  constructor(detail: string) {
    super('pipeline-run-state', { detail });
  }
}

/** A pipeline that runs on demand alone has no intervals. */
export class PipelineNotScheduledError extends AppError {
  constructor() {
    super('pipeline-not-scheduled', { detail: 'It runs on demand, or after another pipeline' });
  }
}

/** The workflow engine's tables cannot be made or reached. */
export class PipelinesUnavailableError extends AppError {
  constructor(cause: unknown) {
    super('pipelines-unavailable', { retryAfterSeconds: 10, cause });
  }
}

export class TooManyListenersError extends AppError {
  constructor() {
    super('overloaded', { detail: 'Too many clients listen to pipelines', retryAfterSeconds: 10 });
  }
}
