import { parseDayAsYearWeek, parseYearWeek } from '../calendar/week.js';
import { InvalidRecordError, type SalesInput } from './sales-record.js';

/** A million tonnes a week: more is a mistake of the unit. */
const MAX_SALES = 1e9;
const MAX_NAME_LENGTH = 200;

/** Line breaks, NUL and their like; a tab passes for white space. */
const CONTROL_CHARACTER = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** The same member by either set of names. */
const WEEK_FIELDS = ['year_week', 'date'] as const;
const SALES_FIELDS = ['sales', 'kilo_sold'] as const;

/**
 * Reads one record: `{year_week, vegetable, sales}` or `{date, vegetable, kilo_sold}`, where `date` is a day or
 * `YYYY-WW`. Other members are passed over.
 *
 * @throws InvalidRecordError for the first member that is wrong
 */
export function readSalesInput(value: unknown): SalesInput {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidRecordError('', 'the record must be an object');
  }
  const record = value as Record<string, unknown>;
  return { yearWeek: readWeek(record), rawName: readName(record.vegetable), sales: readSales(record) };
}

function readWeek(record: Record<string, unknown>): number {
  const field = pickField(record, WEEK_FIELDS);
  const value = record[field];
  requireGiven(field, value);
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new InvalidRecordError(field, 'must be a week');
  }
  const yearWeek = parseYearWeek(value) ?? (typeof value === 'string' ? parseDayAsYearWeek(value) : null);
  if (yearWeek === null) {
    const forms = field === 'date' ? 'a day as YYYY-MM-DD or a week as YYYY-WW' : 'a week as YYYYWW';
    throw new InvalidRecordError(field, `must be ${forms}, of the years 1900 to 2199 and the weeks 00 to 53`);
  }
  return yearWeek;
}

function readName(value: unknown): string {
  requireGiven('vegetable', value);
  if (typeof value !== 'string') throw new InvalidRecordError('vegetable', 'must be a string');
  if (value.trim() === '') throw new InvalidRecordError('vegetable', 'must not be empty');
  if (value.length > MAX_NAME_LENGTH) {
    throw new InvalidRecordError('vegetable', `must have at most ${MAX_NAME_LENGTH} characters`);
  }
  if (CONTROL_CHARACTER.test(value) || !value.isWellFormed()) {
    throw new InvalidRecordError('vegetable', 'must be one line of well-formed text');
  }
  return value;
}

function readSales(record: Record<string, unknown>): number {
  const field = pickField(record, SALES_FIELDS);
  const value = record[field];
  requireGiven(field, value);
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new InvalidRecordError(field, 'must be a number');
  }
  if (value < 0) throw new InvalidRecordError(field, 'must not be negative');
  if (!Number.isFinite(value)) throw new InvalidRecordError(field, 'must be finite');
  if (value > MAX_SALES) throw new InvalidRecordError(field, `must be at most ${MAX_SALES}`);
  // -0 is 0: the two would be one value with two spellings.
  return value + 0;
}

/** @throws InvalidRecordError where both names are there: which of them counts would be a guess */
function pickField(record: Record<string, unknown>, [first, second]: readonly [string, string]): string {
  const [hasFirst, hasSecond] = [record[first] !== undefined, record[second] !== undefined];
  if (hasFirst && hasSecond) throw new InvalidRecordError(second, `must be left out beside ${first}`);
  return hasSecond ? second : first;
}

function requireGiven(field: string, value: unknown): void {
  if (value === undefined) throw new InvalidRecordError(field, 'is missing');
  if (value === null) throw new InvalidRecordError(field, 'must not be null');
}
