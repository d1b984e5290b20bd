/** What the catalogue says of one kind of problem. */
export interface ProblemDefinition {
  /** HTTP status of every answer with this code. */
  status: number;
  /** Short summary that never changes between occurrences (RFC 9457 §3.1.3). */
  title: string;
}

/**
 * Every problem this API answers with: the one catalogue. A feature adds its codes here and throws them
 * through the `AppError`s of its own `<feature>.errors.ts`.
 */
export const problems = {
  // The request itself
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'invalid-json': { status: 400, title: 'The body is not valid JSON' },
  unauthorized: { status: 401, title: 'Authentication is required' },
  'credentials-incorrect': { status: 401, title: 'The username or the password is wrong' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'Nothing is found here' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'not-acceptable': { status: 406, title: 'The requested representation is not available' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The request conflicts with the present state' },
  'payload-too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The media type is not supported' },
  'validation-failed': { status: 422, title: 'The request is not valid' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  'service-unavailable': { status: 503, title: 'The service is not available at the moment' },
  'database-unavailable': { status: 503, title: 'The database is not available at the moment' },

  // users, auth
  'user-not-found': { status: 404, title: 'The user does not exist' },
  'email-taken': { status: 409, title: 'The e-mail address is in use' },
  'last-admin': { status: 409, title: 'The last active administrator must remain' },
  'own-account': { status: 409, title: 'Administrators cannot remove themselves' },
  'password-incorrect': { status: 422, title: 'The current password is wrong' },

  // models
  'model-not-ready': { status: 503, title: 'The model is not ready' },
  'model-not-found': { status: 404, title: 'The model does not exist' },
  'model-version-not-found': { status: 404, title: 'The model version does not exist' },
  'model-not-loadable': { status: 422, title: 'The model version cannot be loaded' },
  'promotion-refused': { status: 409, title: 'The promotion is refused' },
  'nothing-to-roll-back': { status: 409, title: 'There is no version to go back to' },
  'registry-unavailable': { status: 503, title: 'The model registry is not available at the moment' },
  'training-unavailable': { status: 503, title: 'Models cannot be trained here' },
  'training-failed': { status: 500, title: 'The training failed' },

  // predictions, feedback
  'prediction-not-found': { status: 404, title: 'The prediction does not exist' },
  'input-empty': { status: 422, title: 'There is neither a text nor an image to predict from' },
  'image-unsupported': { status: 415, title: 'The image format is not supported' },
  'image-invalid': { status: 422, title: 'The image cannot be decoded' },
  'image-too-large': { status: 413, title: 'The image is too large' },
  'batch-empty': { status: 422, title: 'The batch is empty' },
  'batch-too-large': { status: 422, title: 'The batch holds too many items' },
  overloaded: { status: 503, title: 'The server is overloaded' },
  'feedback-exists': { status: 409, title: 'There is feedback on this already' },
  'feedback-not-found': { status: 404, title: 'The feedback does not exist' },
  'category-unknown': { status: 422, title: 'The category does not exist' },

  // catalog
  'product-not-found': { status: 404, title: 'The product does not exist' },
  'product-exists': { status: 409, title: 'There is a product of this id already' },
  'import-unreadable': { status: 422, title: 'The file cannot be imported' },
  'training-job-not-found': { status: 404, title: 'The training does not exist' },
  'snapshot-not-found': { status: 404, title: 'The snapshot does not exist' },
  'snapshot-not-servable': { status: 409, title: 'The snapshot cannot be served' },
  'catalog-too-small': { status: 409, title: 'The catalogue has too little to learn from' },

  // customers
  'customer-not-found': { status: 404, title: 'The customer does not exist' },
  'customer-features-incomplete': { status: 422, title: 'The customer’s features are incomplete' },

  // pipelines
  'pipeline-not-found': { status: 404, title: 'The pipeline does not exist' },
  'pipeline-run-not-found': { status: 404, title: 'The run does not exist' },
  'pipeline-run-exists': { status: 409, title: 'There is a run for that time already' },
  'pipeline-run-state': { status: 409, title: 'The run is in another state' },
  'pipeline-not-scheduled': { status: 409, title: 'The pipeline has no schedule' },
  'pipelines-unavailable': { status: 503, title: 'Pipelines cannot be run at the moment' },

  // experiments
  'experiment-not-found': { status: 404, title: 'The experiment does not exist' },
  'experiment-status': { status: 409, title: 'The experiment is in another status' },
  'experiment-running': { status: 409, title: 'Another experiment is running' },
  'experiment-undecided': { status: 409, title: 'The experiment has no winner' },
} satisfies Record<string, ProblemDefinition>;

/** The code of a problem: the stable name that clients may branch on. */
export type ProblemCode = keyof typeof problems;

/** Every code in the catalogue's order, for the API's own documentation. */
export const problemCodes = Object.keys(problems) as ProblemCode[];

/** `type` of a problem document: a relative reference which answers with the catalogue's entry. */
export const problemType = (code: ProblemCode): string => `/problems/${code}`;
