import { DataSource } from 'typeorm';
import { datasets } from '../../customers/loading/datasets.js';
import { CustomerSource } from '../../customers/sources/customer-source.js';
import { definePipeline } from '../definitions/pipeline-definition.js';
import type { ServiceResolver } from '../definitions/step.js';
import { customerStep } from './customer-step.js';
import { maxRowChange, maxSourceAge } from './shared-parameters.js';

/** Older store sales are not loaded. */
const FIRST_MONTH = new Date('2010-01-01T00:00:00Z');
const LOOK_TIMEOUT_MS = 10_000;

/** One month of store sales, and what is computed from it. */
export const loadSalesData = definePipeline({
  id: 'load-sales-data',
  description: 'Loads the store sales of one month, and recomputes monthly sales and averages.',
  schedule: { cron: '@monthly', catchUp: true, startsAt: FIRST_MONTH, hasData: hasMonth },
  isExclusive: false,
  parameters: { max_row_change: maxRowChange, max_source_age_days: maxSourceAge },
  steps: [
    { name: 'load-month', description: 'Stages the sales of the month.', bind: customerStep('loadMonth') },
    {
      name: 'check-month',
      description: 'Keys, dates, stores, values and number of the staged sales.',
      dependsOn: ['load-month'],
      bind: customerStep('checkMonth'),
    },
    {
      name: 'publish-month',
      description: 'Replaces the sales of that month alone, in one transaction.',
      dependsOn: ['check-month'],
      bind: customerStep('publishMonth'),
    },
    {
      name: 'monthly-sales',
      description: 'Recomputes number and value of sales by store for the month.',
      dependsOn: ['publish-month'],
      bind: customerStep('refreshMonthlySales'),
    },
    {
      name: 'monthly-avg-count',
      description: 'Recomputes sales in an average month by location.',
      dependsOn: ['monthly-sales'],
      bind: customerStep('refreshMonthlyAverages'),
    },
  ],
});

/** Whether a month can be loaded: its file is in the source, and the stores it speaks of are loaded. */
async function hasMonth(scheduledFor: Date, resolve: ServiceResolver): Promise<boolean> {
  const [stores] = await resolve(DataSource).query<{ exists: boolean }[]>(
    'SELECT EXISTS (SELECT FROM stores) AS exists',
  );
  if (!stores!.exists) return false;
  const month = { year: scheduledFor.getUTCFullYear(), month: scheduledFor.getUTCMonth() + 1 };
  const names = datasets.sales.files(month).flatMap((name) => [name, `${name}.gz`]);
  const file = await resolve(CustomerSource).find(names, AbortSignal.timeout(LOOK_TIMEOUT_MS));
  return file !== null;
}
