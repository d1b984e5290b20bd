import { CronSchedule } from './cron-schedule.js';

const at = (text: string): Date => new Date(`${text}Z`);
const monthly = new CronSchedule('@monthly');

describe('a monthly schedule', () => {
  it('finds the interval that a time lies in', () => {
    expect(monthly.floor(at('2020-02-29T23:59:59.999'))).toEqual(at('2020-02-01T00:00'));
    expect(monthly.floor(at('2020-02-01T00:00'))).toEqual(at('2020-02-01T00:00'));
    expect(monthly.floor(at('2020-01-31T23:59:59.999'))).toEqual(at('2020-01-01T00:00'));
  });

  it('counts an interval as ended with its last moment', () => {
    expect(monthly.lastEnded(at('2020-02-29T23:59:59.999'))).toEqual(at('2020-01-01T00:00'));
    expect(monthly.lastEnded(at('2020-03-01T00:00'))).toEqual(at('2020-02-01T00:00'));
  });

  it('lists the intervals of a range, no more than asked for', () => {
    const months = monthly.ticksBetween(at('2019-12-01T00:00'), at('2020-02-01T00:00'), 10);
    expect(months.map((month) => month.toISOString().slice(0, 7))).toEqual(['2019-12', '2020-01', '2020-02']);
    expect(monthly.ticksBetween(at('2000-01-01T00:00'), at('2020-01-01T00:00'), 5)).toHaveLength(5);
    expect(monthly.ticksBetween(at('2020-03-01T00:00'), at('2020-02-01T00:00'), 5)).toEqual([]);
  });
});

it('reads times in UTC, whatever changes elsewhere', () => {
  const daily = new CronSchedule('30 2 * * *');
  expect(daily.next(at('2020-03-29T02:30'))).toEqual(at('2020-03-30T02:30'));
  expect(daily.isTick(at('2020-03-29T02:30'))).toBe(true);
  expect(daily.isTick(at('2020-03-29T02:31'))).toBe(false);
});
