/** Where the columns of one file are. */
export interface CsvColumns {
  /** Value of a column by name; empty where the file or the record lacks it. */
  get(record: readonly string[], name: string): string;
  /** Value of the index column: a first column of no known name, named or not; null where there is none. */
  index(record: readonly string[]): string | null;
  /** Known columns that the header lacks. */
  missing: string[];
}

/**
 * Reads a header by name, in any order and case. Catalogues written by pandas start with an unnamed index column;
 * others give it a name.
 */
export function locateColumns(header: readonly string[], known: readonly string[]): CsvColumns {
  const names = header.map((name) => name.trim().toLowerCase());
  const positions = new Map(known.map((name) => [name, names.indexOf(name)]));
  const hasIndex = names.length > 0 && !known.includes(names[0] as string);
  return {
    get: (record, name) => record[positions.get(name) ?? -1] ?? '',
    index: (record) => (hasIndex ? cleanId(record[0] ?? '') : null),
    missing: known.filter((name) => positions.get(name) === -1),
  };
}

/** An id as text: blanks cut, and `10.0`, which is how pandas writes integers beside empty cells, is `10`. */
export function cleanId(value: string): string {
  return value.trim().replace(/^(-?\d+)\.0+$/, '$1');
}
