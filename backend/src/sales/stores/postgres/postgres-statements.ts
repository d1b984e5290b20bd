import { MIN_WEEKS_FOR_OUTLIER } from '../../silver/mean-outliers.js';
import type { SalesRecord } from '../../bronze/sales-record.js';
import type { Changes } from '../plan-changes.js';
import type { MonthlyFilter, WeekSelection } from '../sales-store.js';

/** Writers take turns on this row, of every process: what they read before they write stays true until they commit. */
export const LOCK_STATE = 'SELECT version FROM sales_state WHERE id = 1 FOR UPDATE';

/** What is stored for the keys of some records: bronze (kind 0) and silver (kind 1) in one answer. */
export const READ_BEFORE = `
SELECT 0 AS kind, week, raw_name AS name, year_week, sales, NULL::numeric AS units
FROM sales_bronze JOIN unnest($1::integer[], $2::text[]) AS keys (week, raw_name) USING (week, raw_name)
UNION ALL
SELECT 1, week, vegetable, NULL, NULL, units
FROM sales_silver JOIN unnest($3::integer[], $4::text[]) AS keys (week, vegetable) USING (week, vegetable)`;

/** The parameters of `READ_BEFORE`. */
export function readBeforeParameters(records: readonly SalesRecord[]): unknown[][] {
  const weeks = records.map(({ week }) => week);
  const vegetables = new Map(
    records.map(({ week, vegetable }) => [`${week} ${vegetable}`, { week, vegetable }]),
  );
  const silver = [...vegetables.values()];
  return [
    weeks,
    records.map(({ rawName }) => rawName),
    silver.map(({ week }) => week),
    silver.map(({ vegetable }) => vegetable),
  ];
}

/** Everything one transaction changes. Keys are written in their order, so that index pages are met once. */
export const WRITE_CHANGES = `
WITH bronze AS (
  INSERT INTO sales_bronze (week, raw_name, year_week, sales, vegetable, is_known)
  SELECT * FROM unnest($1::integer[], $2::text[], $3::integer[], $4::double precision[], $5::text[], $6::boolean[])
  ON CONFLICT (week, raw_name) DO UPDATE SET year_week = excluded.year_week, sales = excluded.sales,
    vegetable = excluded.vegetable, is_known = excluded.is_known
), silver AS (
  INSERT INTO sales_silver (week, vegetable, units)
  SELECT * FROM unnest($7::integer[], $8::text[], $9::numeric[])
  ON CONFLICT (vegetable, week) DO UPDATE SET units = excluded.units
), vegetables AS (
  INSERT INTO sales_vegetables AS stored (vegetable, weeks, sum, sum_of_squares)
  SELECT * FROM unnest($10::text[], $11::bigint[], $12::numeric[], $13::numeric[])
  ON CONFLICT (vegetable) DO UPDATE SET weeks = stored.weeks + excluded.weeks, sum = stored.sum + excluded.sum,
    sum_of_squares = stored.sum_of_squares + excluded.sum_of_squares
), gold AS (
  INSERT INTO sales_gold AS stored (month, vegetable, sevenths, weeks)
  SELECT * FROM unnest($14::integer[], $15::text[], $16::numeric[], $17::integer[])
  ON CONFLICT (month, vegetable) DO UPDATE SET sevenths = stored.sevenths + excluded.sevenths,
    weeks = stored.weeks + excluded.weeks
), state AS (
  UPDATE sales_state SET version = version + 1 WHERE id = 1
)
SELECT 1`;

/** The parameters of `WRITE_CHANGES`: one array a column. */
export function writeChangesParameters({ bronze, silver, vegetables, gold }: Changes): unknown[][] {
  return [
    bronze.map(({ week }) => week),
    bronze.map(({ rawName }) => rawName),
    bronze.map(({ yearWeek }) => yearWeek),
    bronze.map(({ sales }) => sales),
    bronze.map(({ vegetable }) => vegetable),
    bronze.map(({ isKnown }) => isKnown),
    silver.map(({ week }) => week),
    silver.map(({ vegetable }) => vegetable),
    silver.map(({ units }) => String(units)),
    vegetables.map(({ vegetable }) => vegetable),
    vegetables.map(({ count }) => count),
    vegetables.map(({ sum }) => String(sum)),
    vegetables.map(({ sumOfSquares }) => String(sumOfSquares)),
    gold.map(({ month }) => month),
    gold.map(({ vegetable }) => vegetable),
    gold.map(({ sevenths }) => String(sevenths)),
    gold.map(({ weeks }) => weeks),
  ];
}

/**
 * Weeks above a limit that is a hair below mean + 5 sample deviations: the exact decision is made afterwards, this one
 * only keeps the others out through the index.
 */
const WEEKS_ABOVE = `
  SELECT week, units FROM sales_silver
  WHERE vegetable = sums.vegetable AND units > 0.999999999 * (
    sums.sum / sums.weeks + 5 * sqrt((sums.weeks * sums.sum_of_squares - sums.sum * sums.sum)
      / (sums.weeks::numeric * (sums.weeks - 1)))) - 1`;
const WEEKS_ALL = 'SELECT week, units FROM sales_silver WHERE vegetable = sums.vegetable';

/** Gold (kind 0) and the weeks that decide on its outliers (kind 1), of one snapshot because of one statement. */
export function buildMonthlyQuery(
  { vegetables, from, to }: MonthlyFilter,
  selection: WeekSelection,
): [sql: string, parameters: unknown[]] {
  const parameters: unknown[] = [from ?? 0, to ?? 999_999];
  if (vegetables) parameters.push(vegetables);
  const ofVegetables = vegetables ? 'AND vegetable = ANY($3::text[])' : '';
  const sql = `
SELECT 0 AS kind, month AS key, vegetable, sevenths AS amount, weeks, NULL::numeric AS sum,
  NULL::numeric AS sum_of_squares
FROM sales_gold WHERE month BETWEEN $1::integer AND $2::integer ${ofVegetables}
UNION ALL
SELECT 1, found.week, sums.vegetable, found.units, sums.weeks, sums.sum, sums.sum_of_squares
FROM (
  SELECT * FROM sales_vegetables
  WHERE weeks >= ${selection === 'all' ? 1 : MIN_WEEKS_FOR_OUTLIER} ${ofVegetables} OFFSET 0
) AS sums
CROSS JOIN LATERAL (${selection === 'all' ? WEEKS_ALL : WEEKS_ABOVE}) AS found
ORDER BY kind, key, vegetable`;
  return [sql, parameters];
}

export const READ_RAW = `
SELECT position, year_week, raw_name, sales FROM sales_bronze WHERE position > $1 ORDER BY position LIMIT $2`;

export const READ_UNKNOWN_NAMES = `
SELECT raw_name, min(vegetable) AS vegetable, count(*)::integer AS weeks FROM sales_bronze
WHERE NOT is_known AND raw_name > $1 GROUP BY raw_name ORDER BY raw_name LIMIT $2`;
