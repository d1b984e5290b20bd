import { parseDayAsYearWeek, parseYearWeek, splitWeek, toCanonicalWeek } from './week.js';

/** `%Y%W` by its definition: count the Mondays of the year up to the day. */
function labelByCounting(day: Date): number {
  let mondays = 0;
  const year = day.getUTCFullYear();
  for (let d = new Date(Date.UTC(year, 0, 1)); d <= day; d.setUTCDate(d.getUTCDate() + 1)) {
    if (d.getUTCDay() === 1) mondays++;
  }
  return year * 100 + mondays;
}

describe('weeks', () => {
  it('reads every day of 30 years into its week', () => {
    for (
      let day = new Date(Date.UTC(2000, 0, 1));
      day.getUTCFullYear() < 2030;
      day.setUTCDate(day.getUTCDate() + 3)
    ) {
      expect(parseDayAsYearWeek(day.toISOString().slice(0, 10))).toBe(labelByCounting(day));
    }
  });

  it.each([
    [202001, 202001],
    ['202001', 202001],
    ['2020-01', 202001],
    ['2020-00', 202000],
    [202053, 202053],
    [202054, null],
    [20201, null],
    ['2020-1', null],
    ['2020W01', null],
    [189952, null],
    [220001, null],
    [NaN, null],
    [{}, null],
  ])('reads %j as %s', (value, expected) => expect(parseYearWeek(value)).toBe(expected));

  it.each(['2021-02-29', '2020-13-01', '2020-00-10', '2020-1-1', '01/02/2020', '1899-12-31', ''])(
    'knows no day %j',
    (value) => expect(parseDayAsYearWeek(value)).toBeNull(),
  );

  it.each([
    [202000, 201952],
    [201952, 201952],
    [201853, 201853],
    [201900, 201853],
    [202053, 202101],
    [201800, 201752],
    [202453, 202453],
    [202500, 202453],
  ])('calls week %i by its one name %i', (week, canonical) => expect(toCanonicalWeek(week)).toBe(canonical));

  it.each([
    [202001, [{ month: 202001, days: 7 }]],
    [
      202000,
      [
        { month: 201912, days: 2 },
        { month: 202001, days: 5 },
      ],
    ],
    [
      201853,
      [
        { month: 201812, days: 1 },
        { month: 201901, days: 6 },
      ],
    ],
    [
      202008,
      [
        { month: 202002, days: 6 },
        { month: 202003, days: 1 },
      ],
    ],
    [202108, [{ month: 202102, days: 7 }]],
  ])('splits week %i over its months', (week, shares) => expect(splitWeek(week)).toEqual(shares));

  it('splits both names of a week alike, and every week into seven days', () => {
    for (let year = 1990; year < 2060; year++) {
      for (let week = 0; week <= 53; week++) {
        const label = year * 100 + week;
        expect(splitWeek(label)).toEqual(splitWeek(toCanonicalWeek(label)));
        expect(splitWeek(label).reduce((sum, { days }) => sum + days, 0)).toBe(7);
      }
    }
  });
});
