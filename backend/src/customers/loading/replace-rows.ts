import type { StepTransaction } from './transact.js';

/** What a table, or a slice of it, must hold. */
export interface Replacement {
  table: string;
  /** Its primary key. */
  key: readonly string[];
  /** Its other columns, but those with a default. */
  values: readonly string[];
  /** The rows, with `key` and `values` among its columns; no key twice. */
  select: string;
  /** From `$1` on; `select` uses each of them. */
  parameters: readonly unknown[];
  /** Condition on the rows that are replaced, as `stored`; all of them where it is left out. */
  slice?: string;
  /** Assignment to a further column of rows that change. */
  onChange?: string;
}

/** How a table changed. */
export interface RowChanges {
  /** Rows that the table, or the slice, holds now. */
  rows: number;
  written: number;
  removed: number;
}

/**
 * Makes a table, or a slice of it, hold exactly some rows, in one statement. Rows that are the same stay untouched:
 * doing it again writes nothing.
 */
export async function replaceRows(
  transaction: StepTransaction,
  replacement: Replacement,
): Promise<RowChanges> {
  const [changes] = await transaction.query<RowChanges>(buildReplace(replacement), [
    ...replacement.parameters,
  ]);
  return changes!;
}

function buildReplace({ table, key, values, select, slice, onChange }: Replacement): string {
  const columns = [...key, ...values].join(', ');
  const same = key.map((column) => `wanted.${column} = stored.${column}`).join(' AND ');
  const sets = values.map((column) => `${column} = excluded.${column}`);
  if (onChange) sets.push(onChange);
  const list = (row: string): string => values.map((column) => `${row}.${column}`).join(', ');
  const within = slice ? `${slice} AND ` : '';
  return `
WITH wanted AS MATERIALIZED (SELECT ${columns} FROM (${select}) AS rows),
removed AS (
  DELETE FROM ${table} AS stored
  WHERE ${within}NOT EXISTS (SELECT FROM wanted WHERE ${same})
  RETURNING 1
),
changed AS (
  SELECT wanted.* FROM wanted LEFT JOIN ${table} AS stored ON ${within}${same}
  WHERE stored.${key[0]} IS NULL OR (${list('stored')}) IS DISTINCT FROM (${list('wanted')})
),
written AS (
  INSERT INTO ${table} (${columns})
  SELECT ${columns} FROM changed ORDER BY ${key.join(', ')}
  ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${sets.join(', ')}
  RETURNING 1
)
SELECT (SELECT count(*) FROM wanted)::integer AS rows, (SELECT count(*) FROM written)::integer AS written,
  (SELECT count(*) FROM removed)::integer AS removed`;
}
