import { parse as parseCsv } from 'csv-parse/sync';
import { parsePythonJson } from './python-json.js';
import { ScoringError } from './scoring-error.js';

/** One row of a request: values by column. */
export type ScoringRecord = Record<string, unknown>;

type Reader = (value: unknown) => ScoringRecord[];

/** The fields of MLflow's scoring protocol, of which a request has exactly one. */
const READERS: Record<string, Reader> = {
  dataframe_records: (value) => readRecords('dataframe_records', value),
  dataframe_split: readSplit,
  instances: (value) => readRecords('instances', value),
  inputs: (value) => (Array.isArray(value) ? readRecords('inputs', value) : readColumns(value)),
};
const FIELDS = Object.keys(READERS);

/**
 * Reads a JSON body: `dataframe_records`, `dataframe_split`, `instances` or `inputs`
 * (https://mlflow.org/docs/latest/genai/serving/ and MLflow's `scoring_server`). Other fields, such as `params`, are
 * ignored, as MLflow ignores them for a model without parameters.
 *
 * @throws ScoringError
 */
export function parseJsonInvocation(text: string): ScoringRecord[] {
  const body = parseBody(text);
  if (!isObject(body)) {
    const what = Array.isArray(body) ? 'a list' : `a ${body === null ? 'null' : typeof body}`;
    throw badRequest(
      `The input must be a JSON dictionary with exactly one of ${FIELDS.join(', ')}; got ${what}`,
    );
  }
  const present = FIELDS.filter((field) => Object.hasOwn(body, field));
  const [field] = present;
  if (field === undefined || present.length > 1) {
    throw badRequest(
      `The input must be a JSON dictionary with exactly one of ${FIELDS.join(', ')}. ` +
        `Received dictionary with input fields: ${Object.keys(body).slice(0, 20).join(', ')}`,
    );
  }
  return (READERS[field] as Reader)(body[field]);
}

/**
 * Reads a CSV body with a header, as `pandas.DataFrame.to_csv()` writes it: an empty field is a missing value.
 *
 * @throws ScoringError
 */
export function parseCsvInvocation(text: string): ScoringRecord[] {
  try {
    return parseCsv(text, {
      columns: true,
      bom: true,
      skip_empty_lines: true,
      cast: (value, { header }) => (value === '' && !header ? null : value),
    });
  } catch (error) {
    throw badRequest(`The CSV cannot be read: ${(error as Error).message}`);
  }
}

function parseBody(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch (error) {
    throw badRequest(`Ensure that input is a valid JSON formatted string: ${(error as Error).message}`);
  }
}

function readRecords(field: string, value: unknown): ScoringRecord[] {
  if (!Array.isArray(value)) throw badRequest(`${field} must be a list of records`);
  return value.map((record: unknown, index) => {
    if (isObject(record)) return record;
    throw new ScoringError('BAD_REQUEST', `Record ${index}: must be a dictionary of values by column`);
  });
}

function readSplit(value: unknown): ScoringRecord[] {
  if (!isObject(value)) throw badRequest('dataframe_split must be a dictionary');
  const { columns, data } = value;
  if (!Array.isArray(columns) || !columns.every((column) => typeof column === 'string')) {
    throw badRequest('dataframe_split.columns must be a list of column names');
  }
  if (!Array.isArray(data)) throw badRequest('dataframe_split.data must be a list of rows');
  return data.map((row: unknown, index) => {
    if (Array.isArray(row) && row.length === columns.length) {
      return Object.fromEntries(columns.map((column: string, i) => [column, row[i] as unknown]));
    }
    throw new ScoringError('BAD_REQUEST', `Record ${index}: must be a list of ${columns.length} values`);
  });
}

/** `{"designation": ["a", "b"], …}`, or `{"designation": "a", …}` for one record. */
function readColumns(value: unknown): ScoringRecord[] {
  if (!isObject(value)) throw badRequest('inputs must be a dictionary of columns or a list of records');
  const columns = Object.entries(value);
  const lists = columns.filter(([, values]) => Array.isArray(values)) as [string, unknown[]][];
  if (lists.length === 0) return columns.length === 0 ? [] : [value];
  const length = (lists[0] as [string, unknown[]])[1].length;
  if (lists.length < columns.length || lists.some(([, values]) => values.length !== length)) {
    throw badRequest('The columns of inputs must be lists of one length');
  }
  return Array.from({ length }, (_, i) =>
    Object.fromEntries(lists.map(([name, values]) => [name, values[i]])),
  );
}

function isObject(value: unknown): value is ScoringRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badRequest(message: string): ScoringError {
  return new ScoringError('BAD_REQUEST', `Invalid input. ${message}`);
}
