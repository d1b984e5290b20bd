import { AppError } from '../../common/errors/app.error.js';

/** Seconds that callers are told to wait for a model. */
const MODEL_RETRY_SECONDS = 30;

/** No snapshot can answer. */
export class TimeToSellNotReadyError extends AppError {
  constructor() {
    super('model-not-ready', {
      detail: 'No time-to-sell model is in service: train one',
      retryAfterSeconds: MODEL_RETRY_SECONDS,
    });
  }
}

export class SnapshotNotFoundError extends AppError {
  constructor() {
    super('snapshot-not-found');
  }
}

/** The package of a snapshot is missing, damaged or another one's. */
export class SnapshotNotServableError extends AppError {
  constructor(detail: string, options?: ErrorOptions) {
    super('snapshot-not-servable', { detail, ...options });
  }
}

export class TrainingJobNotFoundError extends AppError {
  constructor() {
    super('training-job-not-found');
  }
}

/** There is too little in the catalogue whose time to sell is known. */
export class CatalogTooSmallError extends AppError {
  constructor(detail: string) {
    super('catalog-too-small', { detail });
  }
}

/** There is no such prediction, or it is another user's: which of the two is not told. */
export class SalePredictionNotFoundError extends AppError {
  constructor() {
    super('prediction-not-found');
  }
}
