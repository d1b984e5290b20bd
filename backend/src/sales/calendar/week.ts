const DAY_MS = 86_400_000;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;
const LAST_WEEK = 53;

/** Part of a week that lies in one month. */
export interface MonthShare {
  /** `YYYYMM` */
  month: number;
  /** 1..7; the shares of a week have 7 together. */
  days: number;
}

/**
 * Reads a week as `%Y%W`: `202001`, `"202001"` or `"2020-01"`.
 *
 * @returns the number `YYYYWW`, or null where it is none between 190000 and 219953
 */
export function parseYearWeek(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  const match = typeof text === 'string' ? /^(\d{4})-?(\d{2})$/.exec(text.trim()) : null;
  if (!match) return null;
  const [year, week] = [Number(match[1]), Number(match[2])];
  return isCoveredYear(year) && week <= LAST_WEEK ? year * 100 + week : null;
}

/**
 * Reads a day, `"2020-01-06"`.
 *
 * @returns the week `%Y%W` which the day is in, or null where there is no such day
 */
export function parseDayAsYearWeek(value: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value.trim());
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (!isCoveredYear(year)) return null;
  const number = dayNumber(year, month, day);
  const date = new Date(number * DAY_MS);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? yearWeekOf(number) : null;
}

/**
 * The one name of a week that has two: the days before a year's first Monday are its week 00 and the end of the last
 * week of the year before; a week 53 that a year does not have is the first of the next. As strptime resolves them,
 * the week is the one of its Monday: 202000 is 201952, 202053 is 202101.
 */
export function toCanonicalWeek(yearWeek: number): number {
  return yearWeekOf(mondayOf(yearWeek));
}

/** The months that a week's seven days, Monday first, lie in. */
export function splitWeek(yearWeek: number): readonly MonthShare[] {
  let shares = splits.get(yearWeek);
  if (!shares) {
    shares = computeSplit(mondayOf(yearWeek));
    splits.set(yearWeek, shares);
  }
  return shares;
}

/** Bounded by the weeks that exist: 54 names in each of the years. */
const splits = new Map<number, readonly MonthShare[]>();

function computeSplit(monday: number): MonthShare[] {
  const shares: MonthShare[] = [];
  for (let day = monday; day < monday + 7; day++) {
    const date = new Date(day * DAY_MS);
    const month = date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
    const last = shares.at(-1);
    if (last?.month === month) last.days++;
    else shares.push({ month, days: 1 });
  }
  return shares;
}

const isCoveredYear = (year: number): boolean => year >= FIRST_YEAR && year <= LAST_YEAR;

/** Days since 1970-01-01. */
const dayNumber = (year: number, month: number, day: number): number =>
  Date.UTC(year, month - 1, day) / DAY_MS;

/** 1970-01-01 was a Thursday, the third day after a Monday. */
const daysSinceMonday = (day: number): number => (((day + 3) % 7) + 7) % 7;

function firstMondayOf(year: number): number {
  const newYear = dayNumber(year, 1, 1);
  return newYear + ((7 - daysSinceMonday(newYear)) % 7);
}

const mondayOf = (yearWeek: number): number =>
  firstMondayOf(Math.floor(yearWeek / 100)) + ((yearWeek % 100) - 1) * 7;

function yearWeekOf(day: number): number {
  const year = new Date(day * DAY_MS).getUTCFullYear();
  return year * 100 + Math.floor((day - firstMondayOf(year)) / 7) + 1;
}
