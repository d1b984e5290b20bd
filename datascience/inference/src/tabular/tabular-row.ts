/** Raw values by field name, as a client, a CSV or a database gives them. Fields that a model does not read are ignored. */
export type TabularRow = Readonly<Record<string, unknown>>;

/** Characters of a text that are looked at; what comes after them is ignored. */
const MAX_TEXT_LENGTH = 20_000;
/** Characters of a code that are looked at. */
const MAX_CODE_LENGTH = 200;

/** How data frames, databases and people write "there is none", in lower case. */
const MISSING = new Set(['', 'nan', 'null', 'none', 'undefined', 'na', 'n/a']);
/** A decimal number with a point or, as the French write it, a comma. */
const DECIMAL = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

/**
 * Reads a number: a finite number, a bigint, or a string that holds a decimal number (`"12.5"`, `"12,5"`, `" 1 200 "`,
 * `"1e3"`).
 *
 * @returns NaN, which means missing, for everything else: `"nan"`, `""`, null, infinities and what is larger than a
 *   float32 (3.4e38), words, objects
 */
export function readNumber(row: TabularRow, field: string): number {
  const value = ownValue(row, field);
  if (typeof value === 'number') return finiteOrNaN(value);
  if (typeof value === 'bigint') return finiteOrNaN(Number(value));
  if (typeof value !== 'string' || value.length > MAX_CODE_LENGTH) return NaN;
  const compact = value.replace(/\s/g, '');
  return DECIMAL.test(compact) ? finiteOrNaN(Number(compact.replace(',', '.'))) : NaN;
}

/**
 * Reads a text: a string, of which the first 20,000 characters count, or a number as it is written.
 *
 * @returns null, which means missing, for blank strings, the words for "there is none" (`"nan"`, `"null"`, …) and
 *   everything that is neither string nor number
 */
export function readText(row: TabularRow, field: string): string | null {
  const value = ownValue(row, field);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return null;
  const text = value.length > MAX_TEXT_LENGTH ? value.slice(0, MAX_TEXT_LENGTH) : value;
  return text.length <= MAX_CODE_LENGTH && MISSING.has(text.trim().toLowerCase()) ? null : text;
}

/**
 * Reads a code, such as a colour or a category, in one spelling: trimmed, lower case, inner white space as one space,
 * compatibility forms unified (NFKC); a number as JavaScript writes it, so that `1`, `"1"` and `"1.0"` are the same.
 *
 * @returns null, which means missing, as `readText` does
 */
export function readCode(row: TabularRow, field: string): string | null {
  const text = readText(row, field);
  if (text === null) return null;
  const code = text.slice(0, MAX_CODE_LENGTH).normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  return DECIMAL.test(code) ? String(Number(code.replace(',', '.'))) : code;
}

function ownValue(row: TabularRow, field: string): unknown {
  return Object.hasOwn(row, field) ? row[field] : undefined;
}

/** Columns are float32: what is too large for them is no number. */
function finiteOrNaN(value: number): number {
  return Number.isFinite(Math.fround(value)) ? value : NaN;
}
