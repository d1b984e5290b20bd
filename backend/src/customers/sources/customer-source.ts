import type { Readable } from 'node:stream';

/** A file of a source, before it is read. */
export interface SourceFile {
  /** Name for people: where it was found. */
  name: string;
  bytes: number;
  modifiedAt: Date | null;
  /**
   * Its content, from the beginning, as it is stored. A source that fails later makes the stream fail.
   *
   * @throws SourceFileError where it has gone, or the source cannot be reached
   */
  open(signal: AbortSignal): Promise<Readable>;
}

/** Where customer files come from: a folder or a bucket. */
export abstract class CustomerSource {
  /** Where that is, for people. */
  abstract readonly location: string;

  /**
   * The first of some names that is there; null where none is.
   *
   * @throws SourceFileError `unreachable` where the source does not answer
   */
  abstract find(names: readonly string[], signal: AbortSignal): Promise<SourceFile | null>;
}
