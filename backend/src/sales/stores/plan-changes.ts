import type { SalesRecord } from '../bronze/sales-record.js';
import { splitWeek } from '../calendar/week.js';
import { toUnits } from '../units.js';
import type { VegetableSums, WeekRow, WriteOutcome } from './sales-store.js';

/** What is stored for the keys of some records before they are written. */
export interface StoredBefore {
  /** Received week and value by `bronzeKey`. */
  bronze: ReadonlyMap<string, { yearWeek: number; sales: number }>;
  /** Units by `silverKey`. */
  silver: ReadonlyMap<string, bigint>;
}

/** What gold gains. */
interface MonthChange {
  month: number;
  vegetable: string;
  sevenths: bigint;
  weeks: number;
}

/** What one transaction writes. Its size follows from the records alone, whatever is stored already. */
export interface Changes {
  /** New content of bronze, one record a key. */
  bronze: SalesRecord[];
  /** New content of silver. */
  silver: WeekRow[];
  /** What the sums of each vegetable gain. */
  vegetables: (VegetableSums & { vegetable: string; isKnown: boolean })[];
  /** What gold gains. */
  gold: MonthChange[];
  /** One for each record, in order. */
  outcomes: WriteOutcome[];
}

export const bronzeKey = (week: number, rawName: string): string => `${week} ${rawName}`;
export const silverKey = (week: number, vegetable: string): string => `${week} ${vegetable}`;

/** Works out what records change, given what is stored for their keys. */
export function planChanges(records: readonly SalesRecord[], before: StoredBefore): Changes {
  const { bronze, outcomes, gains } = planBronze(records, before.bronze);
  const silver: WeekRow[] = [];
  const vegetables = new Map<string, Changes['vegetables'][number]>();
  const gold = new Map<string, MonthChange>();
  for (const [key, { week, vegetable, isKnown, units: gained }] of gains) {
    const old = before.silver.get(key);
    const units = (old ?? 0n) + gained;
    const isNewWeek = old === undefined ? 1 : 0;
    if (gained === 0n && !isNewWeek) continue;
    silver.push({ week, vegetable, units });
    const sums = getOrAdd(vegetables, vegetable, () => ({
      vegetable,
      isKnown,
      count: 0,
      sum: 0n,
      sumOfSquares: 0n,
    }));
    sums.count += isNewWeek;
    sums.sum += gained;
    sums.sumOfSquares += units * units - (old ?? 0n) * (old ?? 0n);
    for (const { month, days } of splitWeek(week)) {
      const row = getOrAdd(gold, silverKey(month, vegetable), () => ({
        month,
        vegetable,
        sevenths: 0n,
        weeks: 0,
      }));
      row.sevenths += gained * BigInt(days);
      row.weeks += isNewWeek;
    }
  }
  return { bronze, silver, vegetables: [...vegetables.values()], gold: [...gold.values()], outcomes };
}

type Gain = Pick<SalesRecord, 'week' | 'vegetable' | 'isKnown' | 'units'>;

/** Bronze after the records, and what each (week, vegetable) gains by them. */
function planBronze(records: readonly SalesRecord[], stored: StoredBefore['bronze']) {
  const bronze = new Map<string, SalesRecord>();
  const gains = new Map<string, Gain>();
  const outcomes = records.map((record): WriteOutcome => {
    const key = bronzeKey(record.week, record.rawName);
    const old = bronze.get(key) ?? stored.get(key);
    if (old?.sales === record.sales && old.yearWeek === record.yearWeek) return 'unchanged';
    bronze.set(key, record);
    const gain = getOrAdd(gains, silverKey(record.week, record.vegetable), () => ({ ...record, units: 0n }));
    gain.units += record.units - (old ? toUnits(old.sales) : 0n);
    if (!old) return 'inserted';
    return old.sales === record.sales ? 'unchanged' : 'replaced';
  });
  return { bronze: [...bronze.values()], gains, outcomes };
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, build: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = build();
    map.set(key, value);
  }
  return value;
}
