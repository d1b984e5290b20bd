import type { CheckedTable, QualityCheck, RowSet } from './quality-check.js';

/** Rows that are shown of those that fail. */
const SAMPLE_ROWS = 10;

/** A check that looks for rows which break a rule. */
export type RowCheck = Extract<QualityCheck, { on: CheckedTable }>;

/**
 * One statement that counts the rows looked at (`total`) and those that break the rule (`failed`), and shows the first
 * of them (`sample`). `$1` is the run, `$2` the first day of its month.
 */
export function buildRowCheck(check: RowCheck): string {
  const { on } = check;
  const shown = [...new Set([...(on.scope === 'staged' ? ['line'] : []), ...on.key, ...columnsOf(check)])];
  const order = on.scope === 'staged' ? 'line' : on.key.join(', ');
  return `
WITH checked AS (SELECT * FROM ${on.table} AS rows WHERE ${isOneOf(on)}),
bad AS (${buildBadRows(check, shown)}),
used AS (SELECT $1::text, $2::date)
SELECT (SELECT count(*) FROM checked)::integer AS total, (SELECT count(*) FROM bad)::integer AS failed,
  (SELECT coalesce(json_agg(sample), '[]')
   FROM (SELECT * FROM bad ORDER BY ${order} LIMIT ${SAMPLE_ROWS}) AS sample) AS sample`;
}

function buildBadRows(check: RowCheck, shown: readonly string[]): string {
  const select = `SELECT ${shown.map((column) => `checked.${column}`).join(', ')} FROM checked`;
  switch (check.kind) {
    case 'unique': {
      const columns = check.columns.join(', ');
      return `${select} JOIN (
        SELECT ${columns} FROM checked GROUP BY ${columns} HAVING count(*) > 1) AS repeated USING (${columns})`;
    }
    case 'not-null':
      return `${select} WHERE ${check.column} IS NULL`;
    case 'accepted-values': {
      const values = check.values.map((value) => `'${String(value).replaceAll("'", "''")}'`);
      return `${select} WHERE ${check.column}::text NOT IN (${values.join(', ')})`;
    }
    case 'range':
      return `${select} WHERE ${check.column} NOT BETWEEN ${check.min} AND ${check.max}`;
    case 'reference': {
      const { table, column } = check.to;
      return `${select} WHERE ${check.column} IS NOT NULL AND NOT EXISTS (
        SELECT FROM ${table} AS rows WHERE rows.${column} = checked.${check.column} AND ${isOneOf(check.to)})`;
    }
    case 'no-row':
      return `SELECT ${shown.join(', ')} FROM ${check.from ? `(${check.from})` : 'checked'} AS rows WHERE ${check.where}`;
  }
}

/** Condition that `rows` belong to a set. */
function isOneOf(set: RowSet): string {
  if (set.scope === 'published') return 'true';
  return `rows.load_id = (
    SELECT id FROM customer_loads WHERE run_id = $1 AND dataset = '${set.dataset}'
    AND slice = coalesce(to_char($2::date, 'YYYY-MM'), ''))`;
}

function columnsOf(check: RowCheck): readonly string[] {
  return 'columns' in check ? check.columns : [check.column];
}
