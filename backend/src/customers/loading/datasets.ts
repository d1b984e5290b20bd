import { monthKey, type Month } from './month.js';
import type { FieldType } from './field-types.js';

/** A file that is loaded. */
export type DatasetName = 'profiles' | 'activity' | 'labels' | 'stores' | 'sales';

/** One column of a file; the file may order its columns as it likes. */
interface DatasetColumn {
  readonly name: string;
  readonly type: FieldType;
  /** The whole column may be missing from the file. */
  readonly isOptional?: boolean;
}

/** How a file becomes a table. */
export interface Dataset {
  readonly name: DatasetName;
  /** Names the file may have in the source, without `.gz`, the first that is there being read. */
  files(month: Month | null): readonly string[];
  readonly columns: readonly DatasetColumn[];
  /** Takes the lines as they are, with the run and the line's number beside them. */
  readonly stagingTable: string;
  /** What everyone else reads. */
  readonly table: string;
  /** Primary key of `table`, but for the month where it holds months. */
  readonly key: readonly string[];
  /** True where a file holds one month, and a load replaces that month alone. */
  readonly isMonthly: boolean;
}

const profiles: Dataset = {
  name: 'profiles',
  files: () => ['customer_profiles.csv'],
  columns: [
    { name: 'idx', type: 'bigint' },
    { name: 'attr_a', type: 'integer' },
    { name: 'attr_b', type: 'text' },
    { name: 'attr_c', type: 'text' },
  ],
  stagingTable: 'staging_customer_profiles',
  table: 'customer_profiles',
  key: ['idx'],
  isMonthly: false,
};

const activity: Dataset = {
  name: 'activity',
  files: () => ['customer_activity.csv'],
  columns: [
    { name: 'idx', type: 'bigint' },
    { name: 'valid_from', type: 'timestamp' },
    { name: 'valid_to', type: 'timestamp' },
    { name: 'scd_a', type: 'number' },
    { name: 'scd_b', type: 'integer' },
  ],
  stagingTable: 'staging_customer_activity',
  table: 'customer_activity',
  key: ['idx', 'valid_from'],
  isMonthly: false,
};

const labels: Dataset = {
  name: 'labels',
  files: () => ['labels.csv'],
  columns: [
    { name: 'idx', type: 'bigint' },
    { name: 'label', type: 'integer' },
    { name: 'labeled_at', type: 'timestamp', isOptional: true },
  ],
  stagingTable: 'staging_labels',
  table: 'labels',
  key: ['idx'],
  isMonthly: false,
};

const stores: Dataset = {
  name: 'stores',
  files: () => ['stores.csv'],
  columns: [
    { name: 'idx', type: 'bigint' },
    { name: 'location', type: 'text' },
  ],
  stagingTable: 'staging_stores',
  table: 'stores',
  key: ['idx'],
  isMonthly: false,
};

const sales: Dataset = {
  name: 'sales',
  files: (month) => {
    const key = monthKey(month!);
    return [`sales/${key}-01/sales.csv`, `sales-${key}.csv`];
  },
  columns: [
    { name: 'idx', type: 'bigint' },
    { name: 'value', type: 'number' },
    { name: 'date', type: 'date' },
    { name: 'store_idx', type: 'bigint' },
  ],
  stagingTable: 'staging_store_sales',
  table: 'store_sales',
  key: ['idx'],
  isMonthly: true,
};

/** Every file, by its short name. */
export const datasets: Readonly<Record<DatasetName, Dataset>> = { profiles, activity, labels, stores, sales };

/** The files of `load-client-data`, which are published together. */
export const CLIENT_DATASETS = ['profiles', 'activity', 'labels', 'stores'] as const satisfies DatasetName[];
