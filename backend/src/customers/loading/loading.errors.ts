/**
 * A step cannot succeed with what it was given. `isPermanent` says that trying again without a change of the data is
 * of no use.
 */
export class StepError extends Error {
  constructor(
    message: string,
    readonly isPermanent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What is wrong with a source file. */
export type SourceProblem =
  'missing' | 'unreachable' | 'truncated' | 'corrupt' | 'columns' | 'malformed' | 'value';

/** Where in a source file something is wrong. */
export interface SourcePlace {
  /** Name of the file as the source knows it. */
  file: string;
  /** Line in the (unpacked) file, the header being line 1. */
  line?: number;
}

/** A source file is missing, cannot be read to its end, or does not hold what it must. Nothing of it is kept. */
export class SourceFileError extends StepError {
  constructor(
    readonly problem: SourceProblem,
    readonly place: SourcePlace,
    detail: string,
    options?: ErrorOptions,
  ) {
    const at = place.line === undefined ? place.file : `${place.file}, line ${place.line}`;
    super(`${at}: ${detail}`, problem !== 'unreachable', options);
  }
}
