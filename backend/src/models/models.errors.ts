import { StoreError, type GateResult } from '@vitrine/mlflow';
import { AppError } from '../common/errors/app.error.js';

/** Seconds that callers are told to wait for the registry. */
const REGISTRY_RETRY_SECONDS = 10;

export class ModelNotFoundError extends AppError {
  constructor(options?: ErrorOptions) {
    super('model-not-found', options);
  }
}

export class ModelVersionNotFoundError extends AppError {
  constructor(options?: ErrorOptions) {
    super('model-version-not-found', options);
  }
}

/** What is registered under this version is no model package that can be read. */
export class ModelNotLoadableError extends AppError {
  constructor(options?: ErrorOptions) {
    super('model-not-loadable', options);
  }
}

/** The candidate is worse than the version in place, or cannot be compared with it. */
export class PromotionRefusedError extends AppError {
  constructor({ objections }: GateResult) {
    super('promotion-refused', {
      detail: objections.join('; '),
      errors: objections.map((detail) => ({ pointer: '#/version', detail })),
    });
  }
}

/** The alias names nothing, or what it names was never promoted over another version. */
export class NothingToRollBackError extends AppError {
  constructor(options?: ErrorOptions) {
    super('nothing-to-roll-back', options);
  }
}

/** The registry does not answer; what is being served goes on. */
export class RegistryUnavailableError extends AppError {
  constructor(cause: unknown) {
    super('registry-unavailable', { retryAfterSeconds: REGISTRY_RETRY_SECONDS, cause });
  }
}

/** No model is in service that could say its categories. */
export class NoModelReadyError extends AppError {
  constructor() {
    super('model-not-ready', { detail: 'No model is in service', retryAfterSeconds: REGISTRY_RETRY_SECONDS });
  }
}

/** True where the store says that there is no such thing, as opposed to not answering. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof StoreError &&
    (error.code === 'RESOURCE_DOES_NOT_EXIST' || error.code === 'INVALID_PARAMETER_VALUE')
  );
}
