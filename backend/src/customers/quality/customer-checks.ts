import { datasets, type DatasetName } from '../loading/datasets.js';
import type { CheckedTable, QualityCheck } from './quality-check.js';

/** A file of customers that shrinks or grows by more than a fifth at once is asked about. */
const MAX_CLIENT_CHANGE = 0.2;
/** Months of sales differ more. */
const MAX_SALES_CHANGE = 0.5;
/** Share of customers whose activity or label may be unknown at their time. */
const MAX_UNKNOWN = 0.05;

function staged(name: DatasetName): CheckedTable {
  return { scope: 'staged', table: datasets[name].stagingTable, dataset: name, key: datasets[name].key };
}

function buildStagedChecks(
  name: DatasetName,
  required: readonly string[],
  maxChange: number,
): QualityCheck[] {
  const on = staged(name);
  return [
    { kind: 'row-count', name: `${name}.row-count`, dataset: name, maxChange },
    { kind: 'source-age', name: `${name}.source-age`, dataset: name },
    { kind: 'unique', name: `${name}.${on.key.join('+')}.unique`, on, columns: on.key },
    ...required.map((column): QualityCheck => ({
      kind: 'not-null',
      name: `${name}.${column}.not-null`,
      on,
      column,
    })),
  ];
}

const toStagedProfiles = { ...staged('profiles'), column: 'idx' };

const profileChecks: QualityCheck[] = [
  ...buildStagedChecks('profiles', ['idx', 'attr_a', 'attr_b', 'attr_c'], MAX_CLIENT_CHANGE),
  {
    kind: 'accepted-values',
    name: 'profiles.attr_a.accepted',
    on: staged('profiles'),
    column: 'attr_a',
    values: [1, 2, 3, 4, 5],
  },
  {
    kind: 'accepted-values',
    name: 'profiles.attr_b.accepted',
    on: staged('profiles'),
    column: 'attr_b',
    values: ['a', 'b', 'c', 'd'],
  },
  {
    kind: 'accepted-values',
    name: 'profiles.attr_c.accepted',
    on: staged('profiles'),
    column: 'attr_c',
    values: ['yes', 'no'],
  },
];

const activityChecks: QualityCheck[] = [
  ...buildStagedChecks('activity', ['idx', 'valid_from', 'scd_a', 'scd_b'], MAX_CLIENT_CHANGE),
  { kind: 'range', name: 'activity.scd_a.range', on: staged('activity'), column: 'scd_a', min: 0, max: 1 },
  {
    kind: 'accepted-values',
    name: 'activity.scd_b.accepted',
    on: staged('activity'),
    column: 'scd_b',
    values: [1, 2, 3, 4, 5],
  },
  {
    kind: 'no-row',
    name: 'activity.period.forward',
    on: staged('activity'),
    where: 'valid_to < valid_from',
    columns: ['valid_to'],
  },
  {
    kind: 'no-row',
    name: 'activity.period.no-overlap',
    severity: 'warning',
    on: staged('activity'),
    from: `SELECT *, lead(valid_from) OVER (PARTITION BY idx ORDER BY valid_from) AS next_from FROM checked`,
    where: `next_from < coalesce(valid_to, 'infinity')`,
    columns: ['valid_to'],
  },
  {
    kind: 'reference',
    name: 'activity.idx.profile',
    on: staged('activity'),
    column: 'idx',
    to: toStagedProfiles,
  },
];

const labelChecks: QualityCheck[] = [
  ...buildStagedChecks('labels', ['idx', 'label'], MAX_CLIENT_CHANGE),
  {
    kind: 'accepted-values',
    name: 'labels.label.accepted',
    on: staged('labels'),
    column: 'label',
    values: [0, 1],
  },
  {
    kind: 'reference',
    name: 'labels.idx.profile',
    on: staged('labels'),
    column: 'idx',
    to: toStagedProfiles,
  },
];

const storeChecks: QualityCheck[] = [
  // A chain of five may open three more.
  ...buildStagedChecks('stores', ['idx', 'location'], 1),
];

const salesChecks: QualityCheck[] = [
  ...buildStagedChecks('sales', ['idx', 'value', 'date', 'store_idx'], MAX_SALES_CHANGE),
  { kind: 'range', name: 'sales.value.range', on: staged('sales'), column: 'value', min: 0, max: 1e9 },
  {
    kind: 'no-row',
    name: 'sales.date.month',
    on: staged('sales'),
    where: `date < $2::date OR date >= $2::date + interval '1 month'`,
    columns: ['date'],
  },
  {
    kind: 'reference',
    name: 'sales.store_idx.store',
    on: staged('sales'),
    column: 'store_idx',
    to: { table: datasets.stores.table, scope: 'published', column: 'idx' },
  },
];

const featureStore: CheckedTable = { table: 'feature_store', scope: 'published', key: ['idx'] };

const PUBLISHED_SINCE = `
SELECT count(*)::integer AS value FROM customer_loads AS input
WHERE input.dataset IN ('profiles', 'activity', 'labels') AND input.published_at > coalesce(
  (SELECT max(published_at) FROM customer_loads WHERE dataset = 'feature_store'), '-infinity')`;

/** What must hold of the feature store before a model is trained on it. */
export const featureStoreChecks: readonly QualityCheck[] = [
  {
    kind: 'zero',
    name: 'feature_store.complete',
    sql: `SELECT (count(*) FILTER (WHERE features.idx IS NULL)
      + CASE WHEN count(*) = 0 THEN 1 ELSE 0 END)::integer AS value
      FROM customer_profiles LEFT JOIN feature_store AS features USING (idx)`,
    detail: 'customers that are not in the feature store (1 where there are no customers)',
  },
  {
    kind: 'zero',
    name: 'feature_store.fresh',
    sql: PUBLISHED_SINCE,
    detail: 'files that were published after the feature store was made',
  },
  ...['scd_a', 'scd_b', 'label'].map((column): QualityCheck => ({
    kind: 'not-null',
    name: `feature_store.${column}.not-null`,
    on: featureStore,
    column,
    maxShare: MAX_UNKNOWN,
  })),
];

/** What must hold of each staged file before it is published. */
export const stagedChecks: Readonly<Record<DatasetName, readonly QualityCheck[]>> = {
  profiles: profileChecks,
  activity: activityChecks,
  labels: labelChecks,
  stores: storeChecks,
  sales: salesChecks,
};
