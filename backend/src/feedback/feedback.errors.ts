import { AppError } from '../common/errors/app.error.js';

/** There is no such feedback, or it is another user's: which of the two is not told. */
export class FeedbackNotFoundError extends AppError {
  constructor() {
    super('feedback-not-found');
  }
}

/** The same prediction or product was judged before: that feedback can be corrected. */
export class FeedbackExistsError extends AppError {
  constructor(cause: unknown) {
    super('feedback-exists', { detail: 'Change or delete the feedback that is there', cause });
  }
}

/** A category that the judged model version does not have. */
export class CategoryUnknownError extends AppError {
  constructor(field: string) {
    super('category-unknown', {
      errors: [{ pointer: `#/${field}`, detail: 'is no category of the model version' }],
    });
  }
}

/** Fields that say something about a product beside a prediction that says it already. */
export class FeedbackSubjectError extends AppError {
  constructor(fields: readonly string[]) {
    super('validation-failed', {
      errors: fields.map((field) => ({
        pointer: `#/${field}`,
        detail: 'must be left out beside prediction_id',
      })),
    });
  }
}
