import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StepError } from '../loading/loading.errors.js';
import { firstDay, type Month } from '../loading/month.js';
import { replaceRows, type Replacement } from '../loading/replace-rows.js';
import type { StepContext, StepResult } from '../loading/step.js';
import { transact } from '../loading/transact.js';
import { SELECT_ACTIVITY_LATEST, SELECT_FEATURES } from './feature-store-sql.js';

const SELECT_MONTHLY_SALES = `
SELECT $1::date AS month, stores.idx AS store_idx, count(sales.idx)::integer AS count,
  coalesce(sum(sales.value), 0) AS value
FROM stores LEFT JOIN store_sales AS sales ON sales.store_idx = stores.idx AND sales.month = $1::date
GROUP BY stores.idx`;

/** Over the months that are there: one without a sale counts as 0. */
const SELECT_MONTHLY_AVERAGES = `
SELECT location, count(*)::integer AS months, avg(count)::double precision AS avg_count,
  avg(value)::double precision AS avg_value
FROM (
  SELECT stores.location, sales.month, sum(sales.count) AS count, sum(sales.value) AS value
  FROM monthly_sales AS sales JOIN stores ON stores.idx = sales.store_idx
  GROUP BY stores.location, sales.month
) AS months GROUP BY location`;

const RECORD = `
INSERT INTO customer_loads (run_id, dataset, slice, rows, file, bytes, loaded_at, published_at)
VALUES ($1, $2, '', $3, '', 0, now(), now())
ON CONFLICT (run_id, dataset, slice) DO UPDATE SET rows = excluded.rows, loaded_at = now(), published_at = now()`;

/** The tables that are computed from what was loaded, each replaced in one transaction. */
@Injectable()
export class DerivedTables {
  constructor(private readonly dataSource: DataSource) {}

  /** `monthly_sales`: number and value of sales of each store in one month. */
  refreshMonthlySales(month: Month, context: StepContext): Promise<StepResult> {
    return this.replace(context, {
      table: 'monthly_sales',
      key: ['month', 'store_idx'],
      values: ['count', 'value'],
      select: SELECT_MONTHLY_SALES,
      parameters: [firstDay(month)],
      slice: 'stored.month = $1::date',
    });
  }

  /** `monthly_avg_count`: number and value of sales in an average month, by location. */
  refreshMonthlyAverages(context: StepContext): Promise<StepResult> {
    return this.replace(context, {
      table: 'monthly_avg_count',
      key: ['location'],
      values: ['months', 'avg_count', 'avg_value'],
      select: SELECT_MONTHLY_AVERAGES,
      parameters: [],
    });
  }

  /** `customer_activity_latest`: the newest period of each customer. */
  refreshActivityLatest(context: StepContext): Promise<StepResult> {
    return this.replace(context, {
      table: 'customer_activity_latest',
      key: ['idx'],
      values: ['valid_from', 'valid_to', 'scd_a', 'scd_b'],
      select: SELECT_ACTIVITY_LATEST,
      parameters: [],
    });
  }

  /**
   * `feature_store`: each customer with the activity valid at the label's time.
   *
   * @throws StepError where the parameter `as_of` is no time
   */
  refreshFeatureStore(context: StepContext): Promise<StepResult> {
    return this.replace(context, {
      table: 'feature_store',
      key: ['idx'],
      values: ['attr_a', 'attr_b', 'scd_a', 'scd_b', 'label', 'valid_at'],
      select: SELECT_FEATURES,
      parameters: [asOf(context).toISOString()],
    });
  }

  private async replace(context: StepContext, replacement: Replacement): Promise<StepResult> {
    const { signal, log, runId } = context;
    const { table } = replacement;
    const { rows, written, removed } = await transact(
      this.dataSource,
      { signal, lock: 'published' },
      async (transaction) => {
        const changes = await replaceRows(transaction, replacement);
        await transaction.query(RECORD, [runId, table, changes.rows]);
        return changes;
      },
    );
    log(`${table}: ${rows} rows, ${written} written, ${removed} removed`);
    return { rowsIn: rows, rowsOut: rows, details: { written, removed } };
  }
}

/** When labels that tell no time were true. */
function asOf({ parameters, scheduledFor }: StepContext): Date {
  if (parameters.as_of === undefined) return scheduledFor;
  const time = new Date(parameters.as_of);
  if (Number.isNaN(time.getTime()))
    throw new StepError('The parameter as_of must be a time in ISO 8601', true);
  return time;
}
