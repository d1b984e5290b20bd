import { splitWeek } from '../calendar/week.js';
import { findMadOutliers } from '../silver/mad-outliers.js';
import { isAboveDeviation } from '../silver/mean-outliers.js';
import type { MonthlyState, WeekRow } from '../stores/sales-store.js';
import { silverKey } from '../stores/plan-changes.js';
import { fromSevenths } from '../units.js';

/** How outliers are found: mean + 5 deviations, or the robust one. */
export type OutlierMethod = 'sd' | 'mad';

/** Sales of one vegetable in one month. */
export interface MonthlySales {
  /** `YYYYMM` */
  month: number;
  vegetable: string;
  /** Kilos. */
  sales: number;
  /** Whether an outlier week is in the sum. */
  isOutlier: boolean;
}

export interface BuildMonthlyOptions {
  method: OutlierMethod;
  /** Whether outlier weeks leave the sum; a month that has no other week leaves the list. */
  removeOutliers: boolean;
}

/** What outlier weeks add to a month. */
interface OutlierPart {
  sevenths: bigint;
  weeks: number;
}

/** Clean monthly sales, in the order of `state.months`. */
export function buildMonthly(
  state: MonthlyState,
  { method, removeOutliers }: BuildMonthlyOptions,
): MonthlySales[] {
  const outliers = sumByMonth(findOutliers(state, method));
  const rows: MonthlySales[] = [];
  for (const { month, vegetable, sevenths, weeks } of state.months) {
    const part = outliers.get(silverKey(month, vegetable));
    if (!part || !removeOutliers) {
      rows.push({ month, vegetable, sales: fromSevenths(sevenths), isOutlier: part !== undefined });
    } else if (part.weeks < weeks) {
      rows.push({ month, vegetable, sales: fromSevenths(sevenths - part.sevenths), isOutlier: false });
    }
  }
  return rows;
}

/** Outlier weeks: decided on whole weeks, before a month has its share of them. */
function findOutliers({ weeks, sums }: MonthlyState, method: OutlierMethod): WeekRow[] {
  if (method === 'sd') {
    return weeks.filter(({ vegetable, units }) => {
      const of = sums.get(vegetable);
      return of !== undefined && isAboveDeviation(units, of);
    });
  }
  const byVegetable = new Map<string, WeekRow[]>();
  for (const week of weeks) {
    const list = byVegetable.get(week.vegetable);
    if (list) list.push(week);
    else byVegetable.set(week.vegetable, [week]);
  }
  return [...byVegetable.values()].flatMap(findMadOutliers);
}

function sumByMonth(weeks: readonly WeekRow[]): Map<string, OutlierPart> {
  const parts = new Map<string, OutlierPart>();
  for (const { week, vegetable, units } of weeks) {
    for (const { month, days } of splitWeek(week)) {
      const key = silverKey(month, vegetable);
      const part = parts.get(key) ?? { sevenths: 0n, weeks: 0 };
      parts.set(key, { sevenths: part.sevenths + units * BigInt(days), weeks: part.weeks + 1 });
    }
  }
  return parts;
}
