import type { DatasetName } from '../loading/datasets.js';

/** Rows of a table: those a run has staged of a data set, or all of them. */
export type RowSet =
  { scope: 'staged'; table: string; dataset: DatasetName } | { scope: 'published'; table: string };

/** Which rows a check looks at. */
export type CheckedTable = RowSet & {
  /** Columns that tell people which row it is, beside the line where it is staged. */
  key: readonly string[];
};

/** What every check has. */
interface CheckBase {
  /** Unique name: `<data set>.<what>`. */
  name: string;
  /** `warning` is reported and stops nothing. */
  severity?: 'error' | 'warning';
}

/** The columns together occur once. */
interface UniqueCheck extends CheckBase {
  kind: 'unique';
  on: CheckedTable;
  columns: readonly string[];
}

/** The column is never null, or in no larger share of the rows than `maxShare`. */
interface NotNullCheck extends CheckBase {
  kind: 'not-null';
  on: CheckedTable;
  column: string;
  maxShare?: number;
}

/** The column is one of these; null is another check's matter. */
interface AcceptedValuesCheck extends CheckBase {
  kind: 'accepted-values';
  on: CheckedTable;
  column: string;
  values: readonly (string | number)[];
}

/** The column lies between two numbers, both included. */
interface RangeCheck extends CheckBase {
  kind: 'range';
  on: CheckedTable;
  column: string;
  min: number;
  max: number;
}

/** The column's values occur in another table. */
interface ReferenceCheck extends CheckBase {
  kind: 'reference';
  on: CheckedTable;
  column: string;
  to: RowSet & { column: string };
}

/** No row fulfils the condition: SQL over `rows`; `$1` is the run, `$2` the first day of its month. */
interface NoRowCheck extends CheckBase {
  kind: 'no-row';
  on: CheckedTable;
  /** Rows in question, as a SELECT with the key's columns (and `line` where staged); the default is the table's. */
  from?: string;
  where: string;
  columns: readonly string[];
}

/** The staged rows are not none, and not many more or fewer than at the last published load. */
export interface RowCountCheck extends CheckBase {
  kind: 'row-count';
  dataset: DatasetName;
  maxChange: number;
}

/** The staged file is not too old, where the run's parameters limit its age. */
export interface SourceAgeCheck extends CheckBase {
  kind: 'source-age';
  dataset: DatasetName;
}

/** A number that SQL computes is 0; `detail` says what it counts. */
export interface ZeroCheck extends CheckBase {
  kind: 'zero';
  sql: string;
  detail: string;
}

/** A rule that data must keep, declared. */
export type QualityCheck =
  | UniqueCheck
  | NotNullCheck
  | AcceptedValuesCheck
  | RangeCheck
  | ReferenceCheck
  | NoRowCheck
  | RowCountCheck
  | SourceAgeCheck
  | ZeroCheck;

/** What a check found. It is plain JSON. */
export interface CheckResult {
  name: string;
  kind: QualityCheck['kind'];
  severity: 'error' | 'warning';
  passed: boolean;
  /** Rows that break the rule. */
  failed: number;
  /** What was looked at and found, for people. */
  detail: string;
  /** The first rows that break it: line, key and value. */
  sample: readonly Readonly<Record<string, unknown>>[];
}
