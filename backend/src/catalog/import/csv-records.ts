import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { UploadFile } from './upload-file.js';

/** A longer record is refused: a quote that is never closed would swallow the rest of the file. */
const RECORD_MAX_BYTES = 1024 * 1024;
/** How often reading begins anew behind a broken record, before the file is given up. */
const MAX_RESTARTS = 1_000;
const SEARCH_BYTES = 64 * 1024;

/** A record of the file, or why there is none. */
export type CsvItem =
  | { kind: 'record'; line: number; fields: string[] }
  | { kind: 'fault'; line: number; reason: string }
  /** The rest of the file was not read. */
  | { kind: 'end'; line: number; reason: string };

/** Where a record begins: its offset in bytes and its line, the file's first being 1. */
interface Position {
  offset: number;
  line: number;
}

/** A record that may have swallowed its neighbours. */
interface Broken extends Position {
  reason: string;
}

/** How the records of a file are told apart. */
export interface CsvRecordsOptions {
  delimiter: string;
  /** How many fields a record must have. */
  width: number;
  /** Where the first record begins. */
  start: Position;
}

/**
 * Reads the records of a CSV file (RFC 4180; blank lines are passed over). Fields hold one character a byte. Behind a
 * record whose quotes are broken, reading begins anew on the line after its first: a stray quote costs its own line and
 * not those that it swallowed.
 */
export async function* readCsvRecords(
  file: UploadFile,
  { delimiter, width, start }: CsvRecordsOptions,
): AsyncGenerator<CsvItem> {
  let position: Position | null = start;
  for (let restarts = 0; position !== null && position.offset < file.size; restarts++) {
    if (restarts > MAX_RESTARTS) {
      yield { kind: 'end', line: position.line, reason: 'too many broken records: the rest is not read' };
      return;
    }
    const broken: Broken | null = yield* readFrom(file, position, delimiter, width);
    if (!broken) return;
    yield { kind: 'fault', line: broken.line, reason: broken.reason };
    position = await findNextLine(file, broken);
  }
}

/** Reads until the end, or until a record is broken in such a way that what follows it is in doubt. */
async function* readFrom(
  file: UploadFile,
  start: Position,
  delimiter: string,
  width: number,
): AsyncGenerator<CsvItem, Broken | null> {
  let { offset, line } = start;
  try {
    for await (const { fields, end } of parseRecords(file.stream(start.offset), delimiter)) {
      const lines = 1 + countNewlines(fields);
      if (fields.length === width) yield { kind: 'record', line, fields };
      else if (fields.length > 1 || fields[0] !== '') {
        const reason = `has ${fields.length} fields where the first line has ${width}`;
        if (lines > 1) return { offset, line, reason };
        yield { kind: 'fault', line, reason };
      }
      offset = start.offset + end;
      line += lines;
    }
    return null;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { offset, line, reason: describe(error) };
  }
}

interface ParsedRecord {
  fields: string[];
  /** Bytes from the start of the source to the end of the record. */
  end: number;
}

/**
 * Feeds the parser part by part. Its records are taken as they are found: as a stream, it would drop those that it has
 * not handed on when it meets an error.
 *
 * @throws CsvError behind the last record before it
 */
async function* parseRecords(source: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<ParsedRecord> {
  const found: ParsedRecord[] = [];
  const parser = parse({
    delimiter,
    encoding: 'latin1',
    max_record_size: RECORD_MAX_BYTES,
    on_record: (fields: string[], { bytes }) => {
      found.push({ fields, end: bytes });
      return null;
    },
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
  });
  let failure: Error | undefined;
  const ended = finished(parser.resume()).catch((error: Error) => (failure = error));
  for await (const part of source) {
    await new Promise((resolve) => parser.write(part, resolve));
    yield* found.splice(0);
    if (failure) throw failure;
  }
  parser.end();
  await ended;
  yield* found;
  if (failure) throw failure;
}

function describe({ code, message }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'opens a quote that is never closed';
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `is longer than ${RECORD_MAX_BYTES} bytes, or opens a quote that is not closed`;
  if (code === 'INVALID_OPENING_QUOTE') return 'has a quote in a field that does not begin with one';
  if (code === 'CSV_INVALID_CLOSING_QUOTE') return 'has a quoted field that goes on behind its closing quote';
  return message;
}

/** Quoted line ends: `\n` alone counts, for `\r\n` holds one. */
function countNewlines(record: readonly string[]): number {
  let count = 0;
  for (const field of record) {
    for (let i = field.indexOf('\n'); i !== -1; i = field.indexOf('\n', i + 1)) count++;
  }
  return count;
}

/** The line after the one that a position is on; null at the end of the file. */
async function findNextLine(file: UploadFile, { offset, line }: Position): Promise<Position | null> {
  for (let at = offset; at < file.size; at += SEARCH_BYTES) {
    const newline = (await file.read(at, SEARCH_BYTES)).indexOf(0x0a);
    if (newline !== -1)
      return at + newline + 1 < file.size ? { offset: at + newline + 1, line: line + 1 } : null;
  }
  return null;
}
