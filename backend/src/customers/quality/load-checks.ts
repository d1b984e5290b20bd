import { sliceOf } from '../loading/month.js';
import type { StepTransaction } from '../loading/transact.js';
import type { CheckOutcome, CheckScope } from './check-outcome.js';
import type { RowCountCheck, SourceAgeCheck } from './quality-check.js';

const DAY_MS = 86_400_000;

const READ_LOAD = `
SELECT rows, modified_at FROM customer_loads WHERE run_id = $1 AND dataset = $2 AND slice = $3`;

/** The last load of the same slice, else of the data set's others, that others can see. */
const READ_LAST_ROWS = `
SELECT rows FROM customer_loads
WHERE dataset = $2 AND published_at IS NOT NULL AND run_id <> $1
ORDER BY slice = $3 DESC, published_at DESC LIMIT 1`;

/** Compares what the run has loaded with the last published load. */
export async function checkRowCount(
  transaction: StepTransaction,
  { dataset, maxChange }: RowCountCheck,
  { context, month }: CheckScope,
): Promise<CheckOutcome> {
  const parameters = [context.runId, dataset, sliceOf(month)];
  const [load] = await transaction.query<{ rows: number }>(READ_LOAD, parameters);
  const [last] = await transaction.query<{ rows: number }>(READ_LAST_ROWS, parameters);
  const total = load?.rows ?? 0;
  if (total === 0) return { total, passed: false, failed: 1, detail: 'there are no rows' };
  if (!last || last.rows === 0)
    return { total, passed: true, failed: 0, detail: `${total} rows, the first time` };
  const limit = context.parameters.max_row_change ?? maxChange;
  const passed = Math.abs(total - last.rows) <= limit * last.rows;
  const detail = `${total} rows against ${last.rows} last time (allowed: ±${(limit * 100).toFixed(0)} %)`;
  return { total, passed, failed: passed ? 0 : 1, detail };
}

/** Looks at how old the file was when the run was due. */
export async function checkSourceAge(
  transaction: StepTransaction,
  { dataset }: SourceAgeCheck,
  { context, month }: CheckScope,
): Promise<CheckOutcome> {
  const [load] = await transaction.query<{ rows: number; modified_at: Date | null }>(READ_LOAD, [
    context.runId,
    dataset,
    sliceOf(month),
  ]);
  const total = load?.rows ?? 0;
  const limit = context.parameters.max_source_age_days;
  if (!load?.modified_at) return { total, passed: true, failed: 0, detail: 'its age is not known' };
  const days = (context.scheduledFor.getTime() - load.modified_at.getTime()) / DAY_MS;
  const passed = limit === undefined || days <= limit;
  const allowed = limit === undefined ? 'no limit is set' : `allowed: ${limit}`;
  return {
    total,
    passed,
    failed: passed ? 0 : 1,
    detail: `${Math.max(0, days).toFixed(1)} days old (${allowed})`,
  };
}
