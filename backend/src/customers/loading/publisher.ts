import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { datasets, type Dataset, type DatasetName } from './datasets.js';
import { StepError } from './loading.errors.js';
import { firstDay, sliceOf, type Month } from './month.js';
import { replaceRows, type Replacement, type RowChanges } from './replace-rows.js';
import type { StepContext, StepResult } from './step.js';
import { transact, type StepTransaction } from './transact.js';

/** Staged rows of runs that nobody finished are kept as long. */
const ABANDONED_AFTER = '7 days';

/** What a run has staged of a data set. */
interface Load {
  id: number;
  rows: number;
  publishedAt: Date | null;
}

/**
 * Makes staged rows what everyone reads. Rows that are the same stay untouched, so publishing the same again changes
 * nothing, and readers see either all of the old or all of the new.
 */
@Injectable()
export class Publisher {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Replaces some tables, or one month of them, by what the run has staged, all in one transaction. Afterwards the
   * staged rows are gone; doing it again changes nothing.
   *
   * @throws StepError where the run has staged nothing, or the staged rows have gone
   */
  async publish(
    names: readonly DatasetName[],
    month: Month | null,
    context: StepContext,
  ): Promise<StepResult> {
    const { signal, log } = context;
    const changes = await transact(this.dataSource, { signal, lock: 'published' }, async (transaction) => {
      const done: Record<string, RowChanges> = {};
      for (const name of names) {
        done[name] = await publishOne(transaction, datasets[name], month, context.runId);
      }
      return done;
    });
    for (const [name, { rows, written, removed }] of Object.entries(changes)) {
      log(`${datasets[name as DatasetName].table}: ${rows} rows, ${written} written, ${removed} removed`);
    }
    const rows = Object.values(changes).reduce((sum, change) => sum + change.rows, 0);
    return { rowsIn: rows, rowsOut: rows, details: changes };
  }
}

async function publishOne(
  transaction: StepTransaction,
  dataset: Dataset,
  month: Month | null,
  runId: string,
): Promise<RowChanges> {
  const slice = sliceOf(month);
  const [load] = await transaction.query<Load>(
    `SELECT id, rows, published_at AS "publishedAt" FROM customer_loads
     WHERE run_id = $1 AND dataset = $2 AND slice = $3`,
    [runId, dataset.name, slice],
  );
  if (!load) throw new StepError(`The run has loaded no ${dataset.name}${slice && ` of ${slice}`}`, true);
  if (load.publishedAt) return { rows: load.rows, written: 0, removed: 0 };
  await requireStaged(transaction, dataset, load);
  const changes = await replaceRows(transaction, buildReplacement(dataset, month, load.id));
  // A table that is new to the planner is joined slowly until it is looked at by itself, in a minute or so.
  if (!month && changes.written > 0) await transaction.query(`ANALYZE ${dataset.table}`);
  await transaction.query(
    `DELETE FROM ${dataset.stagingTable} WHERE load_id = $1 OR load_id IN (
      SELECT id FROM customer_loads WHERE loaded_at < now() - interval '${ABANDONED_AFTER}')`,
    [load.id],
  );
  await transaction.query('UPDATE customer_loads SET published_at = now() WHERE id = $1', [load.id]);
  return changes;
}

async function requireStaged(
  transaction: StepTransaction,
  { stagingTable, name }: Dataset,
  { id, rows }: Load,
): Promise<void> {
  const [staged] = await transaction.query<{ rows: number }>(
    `SELECT count(*)::integer AS rows FROM ${stagingTable} WHERE load_id = $1`,
    [id],
  );
  if (staged!.rows === rows) return;
  throw new StepError(`${staged!.rows} staged rows of ${name} are left of ${rows}: load them again`, true);
}

function buildReplacement(
  { table, stagingTable, key, columns, isMonthly }: Dataset,
  month: Month | null,
  loadId: number,
): Replacement {
  const names = columns.map(({ name }) => name);
  return {
    table,
    key: isMonthly ? ['month', ...key] : key,
    values: names.filter((name) => !key.includes(name)),
    select: `SELECT ${isMonthly ? '$2::date AS month, ' : ''}${names.join(', ')} FROM ${stagingTable} WHERE load_id = $1`,
    parameters: isMonthly ? [loadId, firstDay(month!)] : [loadId],
    ...(isMonthly ? { slice: 'stored.month = $2::date' } : {}),
    // A label that changes becomes known anew.
    ...(table === 'labels' ? { onChange: 'seen_at = now()' } : {}),
  };
}
