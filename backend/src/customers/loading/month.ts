import type { StepContext } from './step.js';
import { StepError } from './loading.errors.js';

/** A calendar month. */
export interface Month {
  year: number;
  /** 1 to 12. */
  month: number;
}

/** `YYYY-MM`. */
export function monthKey({ year, month }: Month): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
}

/** Name of what one load replaces: the month, or nothing where it is everything. */
export const sliceOf = (month: Month | null): string => (month ? monthKey(month) : '');

/** Its first day as `YYYY-MM-DD`: how months are stored. */
export const firstDay = (month: Month): string => `${monthKey(month)}-01`;

/**
 * The month a run is about: its parameter, else the one `scheduledFor` falls in (UTC).
 *
 * @throws StepError where the parameter is no `YYYY-MM`
 */
export function monthOf({ parameters, scheduledFor }: StepContext): Month {
  if (parameters.month === undefined) {
    return { year: scheduledFor.getUTCFullYear(), month: scheduledFor.getUTCMonth() + 1 };
  }
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(parameters.month);
  if (!match) throw new StepError('The parameter month must be YYYY-MM', true);
  return { year: Number(match[1]), month: Number(match[2]) };
}
