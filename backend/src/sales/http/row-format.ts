import { stringify } from 'csv-stringify/sync';

/** How rows are written. */
export type RowFormat = 'json' | 'csv';

export const contentTypes: Readonly<Record<RowFormat, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};

/** A table's column: its name and its value in a row. */
export type Columns<T> = readonly (readonly [name: string, read: (row: T) => string | number | boolean])[];

/** What stands before the first row, between rows of two parts, and after the last. */
export interface RowWriter<T> {
  begin(): string;
  /** Rows of one part, with separators between them. */
  rows(rows: readonly T[]): string;
  separator: string;
  end: string;
}

/** Writes rows in parts that together are one document. */
export function buildRowWriter<T>(format: RowFormat, columns: Columns<T>): RowWriter<T> {
  return format === 'json' ? buildJsonWriter(columns) : buildCsvWriter(columns);
}

function buildJsonWriter<T>(columns: Columns<T>): RowWriter<T> {
  const members = columns.map(
    ([name, read], i) => [`${i > 0 ? ',' : '{'}${JSON.stringify(name)}:`, read] as const,
  );
  const write = (row: T): string => {
    let text = '';
    for (const [name, read] of members) text += name + JSON.stringify(read(row));
    return `${text}}`;
  };
  return { begin: () => '[', rows: (rows) => rows.map(write).join(','), separator: ',', end: ']' };
}

function buildCsvWriter<T>(columns: Columns<T>): RowWriter<T> {
  const cast = { boolean: String };
  return {
    begin: () => `${columns.map(([name]) => name).join(',')}\n`,
    rows: (rows) =>
      stringify(
        rows.map((row) => columns.map(([, read]) => read(row))),
        { cast },
      ),
    separator: '',
    end: '',
  };
}

/** CSV where it is asked for by name and JSON is not wanted more; JSON in every other case. */
export function chooseFormat(accept: string | undefined): RowFormat {
  const ranges = (accept ?? '').split(',').map(parseRange);
  const weigh = (type: string): number =>
    Math.max(0, ...ranges.filter((r) => r.type === type).map((r) => r.quality));
  const csv = weigh('text/csv');
  return csv > 0 && csv >= weigh('application/json') ? 'csv' : 'json';
}

function parseRange(range: string): { type: string; quality: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}
