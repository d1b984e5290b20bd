import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readCode, type TabularRow } from '@vitrine/inference';
import { parse, type CsvError } from 'csv-parse';
import { DatasetError } from '../datasets/dataset-error.js';
import { MODEL_FIELDS, OUTCOME_CATEGORIES, OUTCOME_FIELD } from './listing-task.js';

/** Problems named in an error, at most. */
const MAX_PROBLEMS_NAMED = 5;

/** Listings whose outcome is known. */
export interface ListingSet {
  /** Absolute path of the file. */
  dir: string;
  rows: TabularRow[];
  /** Class of each row, from 0. */
  labels: Uint8Array;
  /** The line of the file that each row begins on, from 1. */
  lines: number[];
  /** Listings without an outcome, which are left out. */
  withoutOutcome: number;
  /** SHA-256 over fields and outcomes of the rows. */
  hash: string;
  /** Equal to `hash`: every row is held out once. */
  testHash: string;
}

interface ParsedRecord {
  record: string[];
  info: { lines: number };
}

/**
 * Reads a catalogue's listings from a CSV file, plain or gzipped: the fields of `MODEL_FIELDS`, each of which may be
 * empty, and the outcome, 0, 1 or 2. A listing without an outcome is left out and counted.
 *
 * @throws DatasetError naming lines where the file cannot be read as CSV, a column is missing, a record has another
 *   number of fields than the header, or an outcome is none
 */
export async function readListings(path: string): Promise<ListingSet> {
  const file = resolve(path);
  const set: ListingSet = {
    dir: file,
    rows: [],
    labels: new Uint8Array(),
    lines: [],
    withoutOutcome: 0,
    hash: '',
    testHash: '',
  };
  const labels: number[] = [];
  const problems: string[] = [];
  let header: string[] | null = null;
  let nextLine = 1;
  for await (const { record, info } of readRecords(file)) {
    const line = nextLine;
    nextLine = info.lines + 1;
    if (header === null) {
      header = readHeader(record, file);
      continue;
    }
    if (record.length !== header.length) {
      problems.push(`line ${line} has ${record.length} fields where the header has ${header.length}`);
      continue;
    }
    const values = Object.fromEntries(header.map((name, i) => [name, record[i]]));
    const outcome = readCode(values, OUTCOME_FIELD);
    const label = OUTCOME_CATEGORIES.findIndex(({ id }) => String(id) === outcome);
    if (outcome === null) set.withoutOutcome++;
    else if (label < 0)
      problems.push(
        `line ${line}: ${OUTCOME_FIELD} is ${quote(values[OUTCOME_FIELD])} where 0, 1 or 2 must be`,
      );
    else {
      set.rows.push(Object.fromEntries(MODEL_FIELDS.map(({ name }) => [name, values[name]])));
      set.lines.push(line);
      labels.push(label);
    }
  }
  if (header === null)
    throw new DatasetError(`${file} is empty: a header line with column names must come first`);
  if (problems.length > 0) throw new DatasetError(describeProblems(file, problems));
  const hash = createHash('sha256');
  set.rows.forEach((row, i) => hash.update(JSON.stringify([row, labels[i]])));
  set.labels = Uint8Array.from(labels);
  set.hash = set.testHash = hash.digest('hex');
  return set;
}

async function* readRecords(file: string): AsyncGenerator<ParsedRecord> {
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true });
  // A failure of any stage destroys the parser with that error: the loop below throws it.
  if (file.endsWith('.gz')) pipeline(createReadStream(file), createGunzip(), parser, () => undefined);
  else pipeline(createReadStream(file), parser, () => undefined);
  try {
    for await (const parsed of parser) yield parsed as ParsedRecord;
  } catch (error) {
    const { message, lines } = error as CsvError;
    const at = typeof lines === 'number' ? ` (line ${lines})` : '';
    throw new DatasetError(`${file} cannot be read${at}: ${message}`, { cause: error });
  }
}

function readHeader(record: readonly string[], file: string): string[] {
  const names = record.map((name) => name.trim());
  const needed = [...MODEL_FIELDS.map(({ name }) => name), OUTCOME_FIELD];
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new DatasetError(`${file}: line 1 names no column ${missing.join(', ')}`);
  const twice = needed.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice.length > 0) throw new DatasetError(`${file}: line 1 names the column ${twice.join(', ')} twice`);
  return names;
}

function describeProblems(file: string, problems: readonly string[]): string {
  const named = problems.slice(0, MAX_PROBLEMS_NAMED).join('; ');
  const more = problems.length - MAX_PROBLEMS_NAMED;
  return `${file}: ${named}${more > 0 ? `; and ${more} more lines` : ''}`;
}

/** A value as an error shows it: short. */
function quote(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
