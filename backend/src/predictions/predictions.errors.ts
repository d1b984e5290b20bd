import { InputError, type InputErrorCode, type Modality } from '@vitrine/inference';
import { AppError } from '../common/errors/app.error.js';
import type { ProblemCode } from '../common/errors/problems.js';

/** Seconds that callers are told to wait. */
const MODEL_RETRY_SECONDS = 30;

/** No model that could answer is loaded. */
export class ModelNotReadyError extends AppError {
  constructor(readonly modality: Modality) {
    super('model-not-ready', {
      detail: `No ${modality} model is in service`,
      retryAfterSeconds: MODEL_RETRY_SECONDS,
    });
  }
}

/** There is neither a text nor an image. */
export class InputEmptyError extends AppError {
  constructor() {
    super('input-empty');
  }
}

/** A photo that is larger than what is read. */
export class ImageTooLargeError extends AppError {
  constructor(maxBytes: number) {
    super('image-too-large', { detail: `The image must have at most ${maxBytes} bytes` });
  }
}

/** There is no such prediction, or it is another user's: which of the two is not told. */
export class PredictionNotFoundError extends AppError {
  constructor() {
    super('prediction-not-found');
  }
}

const problemByInputError: Record<InputErrorCode, ProblemCode> = {
  'input-empty': 'input-empty',
  'text-missing': 'input-empty',
  'image-missing': 'input-empty',
  'image-unsupported': 'image-unsupported',
  'image-invalid': 'image-invalid',
  'image-too-large': 'image-too-large',
};

/** An input that the model refused as the problem its caller is told of; anything else as it is. */
export function toPredictionError(error: unknown): unknown {
  if (!(error instanceof InputError)) return error;
  return new AppError(problemByInputError[error.code], { detail: error.message, cause: error });
}
