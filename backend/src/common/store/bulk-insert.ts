/** A column of a table: its name, the element type of its parameter, how a row fills it, and what it is cast to. */
export type InsertColumn<R> = readonly [name: string, type: string, read: (row: R) => unknown, cast?: string];

/** A statement that inserts any number of rows, hence is prepared once. */
export interface BulkInsert<R> {
  /** `INSERT INTO … SELECT … FROM unnest(…)`, to which `ON CONFLICT` and `RETURNING` may be added. */
  sql: string;
  /** The statement's parameters: one array a column. */
  parameters(rows: readonly R[]): unknown[][];
}

/**
 * Builds the statement for a table. `unnest` would flatten an array of arrays: such a column travels as the text of an
 * array literal, and is cast.
 */
export function buildBulkInsert<R>(table: string, columns: readonly InsertColumn<R>[]): BulkInsert<R> {
  const names = columns.map(([name]) => name).join(', ');
  const values = columns.map(([name, , , cast]) => (cast ? `${name}::${cast}` : name)).join(', ');
  const arrays = columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ');
  return {
    sql: `INSERT INTO ${table} (${names})\nSELECT ${values}\nFROM unnest(${arrays})\nAS rows (${names})`,
    parameters: (rows) => columns.map(([, , read]) => rows.map(read)),
  };
}
