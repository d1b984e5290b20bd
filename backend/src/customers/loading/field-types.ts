/** How a field is written in a file. Empty is null for each of them. */
export type FieldType = 'integer' | 'bigint' | 'number' | 'text' | 'date' | 'timestamp';

/** A field as Postgres reads it in COPY's text format, unescaped; null where it does not have its form. */
export type FieldParser = (text: string) => string | null;

const INT_MAX = 2_147_483_647;
const NUMBER_MAX = 1e15;
const TEXT_MAX = 1_000;

const parseWhole =
  (max: number): FieldParser =>
  (text) => {
    // A column of whole numbers with gaps is often written as 3.0.
    const match = /^([+-]?\d{1,16})(?:\.0*)?$/.exec(text);
    if (!match) return null;
    const value = Number(match[1]);
    return Math.abs(value) <= max ? String(value) : null;
  };

function parseNumber(text: string): string | null {
  if (text.length > 40 || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return null;
  return Math.abs(Number(text)) <= NUMBER_MAX ? text : null;
}

function parseText(text: string): string | null {
  // NUL fits no database text; U+FFFD stands where the file was not UTF-8.
  return text.length <= TEXT_MAX && !/[\u0000\uFFFD]/.test(text) ? text : null;
}

function parseDate(text: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match && isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3])) ? text : null;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?$/;
const ZONE = /(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)$/i;

/** ISO 8601 with a blank or a T before the time; without a zone it is UTC, without a time midnight. */
function parseTimestamp(text: string): string | null {
  const day = parseDate(text.slice(0, 10));
  if (day === null) return null;
  const rest = text.slice(10);
  if (rest === '') return `${day} 00:00:00Z`;
  if (!/^[T ]/i.test(rest)) return null;
  const [zone] = ZONE.exec(rest) ?? [''];
  const time = rest.slice(1, rest.length - zone.length);
  return TIME.test(time) ? `${day} ${time}${zone === '' ? 'Z' : zone}` : null;
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** How each type is read, and how it is named to people. */
export const fieldTypes: Readonly<Record<FieldType, { parse: FieldParser; words: string }>> = {
  integer: { parse: parseWhole(INT_MAX), words: 'a whole number' },
  bigint: { parse: parseWhole(Number.MAX_SAFE_INTEGER), words: 'a whole number' },
  number: { parse: parseNumber, words: 'a number' },
  text: { parse: parseText, words: 'a text in UTF-8' },
  date: { parse: parseDate, words: 'a date YYYY-MM-DD' },
  timestamp: { parse: parseTimestamp, words: 'a time in ISO 8601' },
};
