import type { SalesInput, SalesRecord } from '../bronze/sales-record.js';
import { toCanonicalWeek } from '../calendar/week.js';
import { toUnits } from '../units.js';
import type { NameMapping } from './sales-store.js';

/** What follows from a received record: its week's one name, its units and its vegetable. */
export function toRecord({ yearWeek, rawName, sales }: SalesInput, names: NameMapping): SalesRecord {
  const { vegetable, isKnown } = names.match(rawName);
  return {
    yearWeek,
    rawName,
    sales,
    week: toCanonicalWeek(yearWeek),
    units: toUnits(sales),
    vegetable,
    isKnown,
  };
}
