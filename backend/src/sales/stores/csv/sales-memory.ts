import type { SalesRecord } from '../../bronze/sales-record.js';
import { isAboveDeviation, MIN_WEEKS_FOR_OUTLIER } from '../../silver/mean-outliers.js';
import { bronzeKey, silverKey, type Changes, type StoredBefore } from '../plan-changes.js';
import type {
  MonthlyFilter,
  MonthlyState,
  MonthRow,
  RawRow,
  UnknownName,
  VegetableSums,
  WeekRow,
  WeekSelection,
} from '../sales-store.js';

/** Bronze, silver and gold in memory. */
export class SalesMemory {
  /** In the order of positions, which count from 1. */
  private readonly rows: RawRow[] = [];
  private readonly positions = new Map<string, number>();
  private readonly silver = new Map<string, Map<number, bigint>>();
  private readonly sums = new Map<string, VegetableSums>();
  private readonly gold = new Map<string, MonthRow>();
  private readonly unknown = new Map<string, UnknownName>();
  /** Weeks above the fifth deviation, of vegetables that have not changed since. */
  private readonly outliers = new Map<string, WeekRow[]>();
  private sortedGold: MonthRow[] | undefined;

  get rowCount(): number {
    return this.rows.length;
  }

  readBefore(records: readonly SalesRecord[]): StoredBefore {
    const bronze = new Map<string, RawRow>();
    const silver = new Map<string, bigint>();
    for (const { week, rawName, vegetable } of records) {
      const position = this.positions.get(bronzeKey(week, rawName));
      if (position !== undefined) bronze.set(bronzeKey(week, rawName), this.rows[position - 1]!);
      const units = this.silver.get(vegetable)?.get(week);
      if (units !== undefined) silver.set(silverKey(week, vegetable), units);
    }
    return { bronze, silver };
  }

  apply({ bronze, silver, vegetables, gold }: Changes): void {
    for (const record of bronze) this.saveBronze(record);
    for (const { vegetable, week, units } of silver) {
      const weeks = this.silver.get(vegetable) ?? new Map<number, bigint>();
      this.silver.set(vegetable, weeks.set(week, units));
      this.outliers.delete(vegetable);
    }
    for (const { vegetable, count, sum, sumOfSquares } of vegetables) {
      const old = this.sums.get(vegetable) ?? { count: 0, sum: 0n, sumOfSquares: 0n };
      this.sums.set(vegetable, {
        count: old.count + count,
        sum: old.sum + sum,
        sumOfSquares: old.sumOfSquares + sumOfSquares,
      });
    }
    for (const { month, vegetable, sevenths, weeks } of gold) {
      const key = silverKey(month, vegetable);
      const old = this.gold.get(key);
      this.gold.set(key, {
        month,
        vegetable,
        sevenths: (old?.sevenths ?? 0n) + sevenths,
        weeks: (old?.weeks ?? 0) + weeks,
      });
    }
    if (gold.length > 0) this.sortedGold = undefined;
  }

  /** Up to `limit` rows after a position. Rows are replaced, never changed: what was read stays as it was. */
  readRaw(after: number, limit: number): RawRow[] {
    return this.rows.slice(after, after + limit);
  }

  readMonthly({ vegetables, from = 0, to = 999_999 }: MonthlyFilter, selection: WeekSelection): MonthlyState {
    const wanted = vegetables ? new Set(vegetables) : null;
    const isWanted = (vegetable: string): boolean => wanted === null || wanted.has(vegetable);
    this.sortedGold ??= [...this.gold.values()].sort(byMonthAndVegetable);
    const months = this.sortedGold.filter(
      ({ month, vegetable }) => month >= from && month <= to && isWanted(vegetable),
    );
    const sums = new Map([...this.sums].filter(([vegetable]) => isWanted(vegetable)));
    const find = selection === 'all' ? this.listWeeks : this.findOutliers;
    return { months, sums, weeks: [...sums.keys()].flatMap((vegetable) => find.call(this, vegetable)) };
  }

  readUnknownNames(after: string, limit: number): UnknownName[] {
    return [...this.unknown.values()]
      .filter(({ rawName }) => compare(rawName, after) > 0)
      .sort((a, b) => compare(a.rawName, b.rawName))
      .slice(0, limit)
      .map((name) => ({ ...name }));
  }

  private saveBronze({ week, rawName, yearWeek, sales, vegetable, isKnown }: SalesRecord): void {
    const key = bronzeKey(week, rawName);
    const position = this.positions.get(key) ?? this.rows.length + 1;
    const isNew = position > this.rows.length;
    this.rows[position - 1] = { position, yearWeek, rawName, sales };
    if (!isNew) return;
    this.positions.set(key, position);
    if (isKnown) return;
    const name = this.unknown.get(rawName) ?? { rawName, vegetable, weeks: 0 };
    name.weeks++;
    this.unknown.set(rawName, name);
  }

  private listWeeks(vegetable: string): WeekRow[] {
    return Array.from(this.silver.get(vegetable) ?? [], ([week, units]) => ({ vegetable, week, units }));
  }

  private findOutliers(vegetable: string): WeekRow[] {
    const sums = this.sums.get(vegetable);
    if (!sums || sums.count < MIN_WEEKS_FOR_OUTLIER) return [];
    let found = this.outliers.get(vegetable);
    if (!found) {
      found = this.listWeeks(vegetable).filter(({ units }) => isAboveDeviation(units, sums));
      this.outliers.set(vegetable, found);
    }
    return found;
  }
}

const byMonthAndVegetable = (a: MonthRow, b: MonthRow): number =>
  a.month - b.month || compare(a.vegetable, b.vegetable);

/** By code point, as the databases sort. `<` compares UTF-16, where the characters beyond U+FFFF come before some below. */
function compare(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y)
      return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 0xffff - y + 1 : x - 0xffff - 1;
  }
  return a.length - b.length;
}

const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff;
