/**
 * Sales are summed in whole millionths (milligrams of a kilo), so that no sum depends on its order: each value is
 * rounded once, when it comes in, and everything after that is exact.
 */
const UNITS_PER_KILO = 1_000_000;
const DAYS_PER_WEEK = 7n;
const SEVENTHS_PER_KILO = DAYS_PER_WEEK * BigInt(UNITS_PER_KILO);

/** Kilos in units; exact up to 1e9 kilos with six decimals. */
export const toUnits = (kilos: number): bigint => BigInt(Math.round(kilos * UNITS_PER_KILO));

export const fromUnits = (units: bigint): number => divide(units, BigInt(UNITS_PER_KILO));

/** Kilos of a sum of units × days of a week: the one division by 7 comes after every addition. */
export const fromSevenths = (sevenths: bigint): number => divide(sevenths, SEVENTHS_PER_KILO);

/** The whole part is exact; the fraction is rounded as a double. */
function divide(value: bigint, by: bigint): number {
  return Number(value / by) + Number(value % by) / Number(by);
}
