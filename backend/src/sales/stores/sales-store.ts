import type { SalesRecord } from '../bronze/sales-record.js';

/**
 * Words: **bronze** holds one row per (week, raw name), as received; **silver** one per (week, vegetable), the
 * spellings summed; **gold** one per (month, vegetable). Silver and gold follow from bronze and change with it in one
 * transaction, by what a record adds to them.
 */

/** What became of one record. */
export type WriteOutcome = 'inserted' | 'replaced' | 'unchanged';

/** A row of bronze. */
export interface RawRow {
  /** Position in the order of first receipt; grows, with gaps, and never changes for a key. */
  position: number;
  yearWeek: number;
  rawName: string;
  sales: number;
}

/** A row of gold. */
export interface MonthRow {
  /** `YYYYMM` */
  month: number;
  vegetable: string;
  /** Sum of units × days over the weeks that touch the month. */
  sevenths: bigint;
  /** How many weeks touch the month. */
  weeks: number;
}

/** A row of silver. */
export interface WeekRow {
  /** Canonical `%Y%W`. */
  week: number;
  vegetable: string;
  units: bigint;
}

/** Running sums over a vegetable's weeks: mean and deviation follow from them exactly. */
export interface VegetableSums {
  /** Number of weeks. */
  count: number;
  /** Sum of units, and of their squares. */
  sum: bigint;
  sumOfSquares: bigint;
}

/** Gold and what decides on its outliers, of one moment. */
export interface MonthlyState {
  /** By month, then vegetable; those of the filter. */
  months: MonthRow[];
  sums: Map<string, VegetableSums>;
  /** Weeks that may be outliers by the wanted method: all of them (`'all'`), or every one above the fifth deviation. */
  weeks: WeekRow[];
}

/** Which months and vegetables are asked for; everything where nothing is said. */
export interface MonthlyFilter {
  vegetables?: readonly string[];
  /** First and last month, `YYYYMM`. */
  from?: number;
  to?: number;
}

/** Which weeks a `MonthlyState` brings along. */
export type WeekSelection = 'above-deviation' | 'all';

/** A name that the dictionary does not have. */
export interface UnknownName {
  rawName: string;
  /** What it is called in silver and gold. */
  vegetable: string;
  /** Number of weeks. */
  weeks: number;
}

/** Where sales are kept. Every strategy passes the same behaviour suite. */
export abstract class SalesStore {
  /**
   * Creates what is missing, and builds silver and gold anew where they were built with another dictionary.
   *
   * @throws where the store cannot be used
   */
  abstract open(): Promise<void>;

  abstract close(): Promise<void>;

  /**
   * Stores records in one transaction, in order; a later record of the same key replaces the earlier one. When the
   * promise resolves they are durable.
   */
  abstract write(records: readonly SalesRecord[]): Promise<WriteOutcome[]>;

  /** Changes with every write that changed something; never the same again. */
  abstract getVersion(): Promise<string>;

  /** Up to `limit` rows of bronze after a position, in order. */
  abstract readRaw(after: number, limit: number): Promise<RawRow[]>;

  abstract readMonthly(filter: MonthlyFilter, weeks: WeekSelection): Promise<MonthlyState>;

  /** Up to `limit` unknown names after one, in the order of code points. */
  abstract readUnknownNames(after: string, limit: number): Promise<UnknownName[]>;

  /** Builds silver and gold anew from bronze. */
  abstract rebuild(): Promise<void>;

  /** Removes everything. */
  abstract clear(): Promise<void>;
}

/** Maps a raw name as the present dictionary does; its fingerprint tells dictionaries apart. */
export interface NameMapping {
  readonly fingerprint: string;
  match(rawName: string): { vegetable: string; isKnown: boolean };
}
