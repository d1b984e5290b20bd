/** Error codes of MLflow's scoring protocol that occur here. */
export type ScoringErrorCode =
  'BAD_REQUEST' | 'INVALID_PARAMETER_VALUE' | 'TEMPORARILY_UNAVAILABLE' | 'INTERNAL_ERROR';

/** A request that cannot be answered, in the words of MLflow's scoring protocol. */
export class ScoringError extends Error {
  constructor(
    /** `BAD_REQUEST` for a request that cannot be read, `INVALID_PARAMETER_VALUE` for a record that cannot. */
    readonly code: ScoringErrorCode,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = 'ScoringError';
  }
}

/** A record that cannot be answered, named by its place in the request. */
export function recordError(index: number, reason: string): ScoringError {
  return new ScoringError('INVALID_PARAMETER_VALUE', `Record ${index}: ${reason}`);
}
