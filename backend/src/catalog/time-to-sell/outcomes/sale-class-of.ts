import type { SaleClass } from '../../sale-class.js';

/** Most days of a class, both included. */
export interface SaleThresholds {
  /** Up to here a sale is fast (0). */
  fastMaxDays: number;
  /** Up to here it is normal (1); beyond, very long (2). */
  normalMaxDays: number;
}

/** The class of a number of days. */
export function saleClassOf(days: number, { fastMaxDays, normalMaxDays }: SaleThresholds): SaleClass {
  if (days <= fastMaxDays) return 0;
  return days <= normalMaxDays ? 1 : 2;
}
