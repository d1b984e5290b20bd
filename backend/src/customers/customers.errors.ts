import { AppError } from '../common/errors/app.error.js';

/** Seconds that callers are told to wait for a model. */
const MODEL_RETRY_SECONDS = 30;

/** No customer has this index. */
export class CustomerNotFoundError extends AppError {
  constructor(idx: number) {
    super('customer-not-found', { detail: `There is no customer ${idx}` });
  }
}

/** The customer is known, but not what the model must know of them at the time in question. */
export class FeaturesIncompleteError extends AppError {
  constructor(missing: readonly string[]) {
    super('customer-features-incomplete', {
      detail: 'The feature store lacks values of this customer: send them as features',
      errors: missing.map((name) => ({
        pointer: `#/features/${name}`,
        detail: 'is not in the feature store',
      })),
    });
  }
}

/** No version of the label model is in service. */
export class CustomerModelNotReadyError extends AppError {
  constructor(name: string) {
    super('model-not-ready', {
      detail: `No version of ${name} is in service`,
      retryAfterSeconds: MODEL_RETRY_SECONDS,
    });
  }
}
