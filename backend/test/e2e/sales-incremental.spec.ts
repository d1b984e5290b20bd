import fc from 'fast-check';
import { buildMonthly } from '../../src/sales/gold/build-monthly.js';
import type { SalesInput } from '../../src/sales/bronze/sales-record.js';
import { NameMatcher } from '../../src/sales/silver/name-matcher.js';
import { vegetables } from '../../src/sales/silver/vegetables.data.js';
import type { SalesStore } from '../../src/sales/stores/sales-store.js';
import { toRecord } from '../../src/sales/stores/to-record.js';
import { computeNaively, type NaiveRecord } from '../fixtures/sales/naive-monthly.js';
import { salesStores } from '../fixtures/sales/sales-app.js';
import { createStore, type StoreFixture } from '../fixtures/sales/stores.js';

const DAY_MS = 86_400_000;
/** Monday of week 1 of 2020. */
const FIRST_MONDAY = Date.UTC(2020, 0, 6);
const names = new NameMatcher(vegetables);
const clean = (name: string) => names.match(name).vegetable;
const RUNS = 40;

/** A week counted from the first of 2020 on. */
interface Posted {
  week: number;
  name: string;
  sales: number;
}

/** A stream in which keys come again, weeks of many months meet, and now and then a week is far off. */
const posted: fc.Arbitrary<Posted> = fc.record({
  week: fc.integer({ min: -1, max: 60 }),
  name: fc.constantFrom('Tomate', 'tomaot', 'Peer', 'soap', 'Soap'),
  sales: fc.oneof(
    { weight: 120, arbitrary: fc.integer({ min: 0, max: 20 }) },
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 20_000 }).map((grams) => grams / 1_000) },
    { weight: 1, arbitrary: fc.constant(1e6) },
  ),
});
const stream = fc.array(fc.array(posted, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 10 });

const dateOf = ({ week }: Posted): string =>
  new Date(FIRST_MONDAY + week * 7 * DAY_MS).toISOString().slice(0, 10);
/** Weeks before and after the year by their other names too. */
const yearWeekOf = ({ week }: Posted): number =>
  week < 0 ? 202000 : week < 52 ? 202001 + week : 202101 + (week - 52);
const toInput = (post: Posted): SalesInput => ({
  yearWeek: yearWeekOf(post),
  rawName: post.name,
  sales: post.sales,
});
const toNaive = (post: Posted): NaiveRecord => ({ monday: dateOf(post), name: post.name, sales: post.sales });

async function expectAsNaive(store: SalesStore, records: readonly NaiveRecord[]): Promise<void> {
  const state = await store.readMonthly({}, 'above-deviation');
  for (const removeOutliers of [false, true]) {
    const rows = buildMonthly(state, { method: 'sd', removeOutliers });
    const expected = computeNaively(records, clean, { removeOutliers });
    expect(rows.map(({ month, vegetable, isOutlier }) => [month, vegetable, isOutlier])).toEqual(
      expected.map(({ year_month, vegetable, is_outlier }) => [year_month, vegetable, is_outlier]),
    );
    for (const [i, { sales }] of rows.entries()) {
      expect(Math.abs(sales - expected[i]!.sales)).toBeLessThanOrEqual(1e-5 + 1e-9 * sales);
    }
  }
}

describe.each(salesStores)('the layers of %s', (name) => {
  let fixture: StoreFixture;
  beforeAll(async () => (fixture = await createStore(name, names)));
  afterAll(() => fixture?.close());

  const write = (store: SalesStore, posts: readonly Posted[]) =>
    store.write(posts.map((post) => toRecord(toInput(post), names)));

  it('are after any stream what a computation from the beginning makes', async () => {
    const { store } = fixture;
    await fc.assert(
      fc.asyncProperty(stream, async (lists) => {
        await store.clear();
        for (const list of lists) await write(store, list);
        await expectAsNaive(store, lists.flat().map(toNaive));
        // Building anew from bronze changes nothing, to the last unit.
        const before = await store.readMonthly({}, 'all');
        await store.rebuild();
        const after = await store.readMonthly({}, 'all');
        expect(after.months).toEqual(before.months);
        expect([...after.sums].sort()).toEqual([...before.sums].sort());
      }),
      { numRuns: RUNS },
    );
  });

  it('are the same for any order and any number of the same posts', async () => {
    const { store } = fixture;
    const distinct = fc.uniqueArray(posted, {
      selector: ({ week, name: of }) => `${week} ${of}`,
      minLength: 30,
      maxLength: 120,
    });
    await fc.assert(
      fc.asyncProperty(distinct, fc.infiniteStream(fc.nat()), async (posts, random) => {
        await store.clear();
        await write(store, posts);
        const expected = await store.readMonthly({}, 'all');
        await store.clear();
        const shuffled = [...posts, ...posts].sort(() => (random.next().value! % 3) - 1);
        for (let start = 0; start < shuffled.length; start += 7)
          await write(store, shuffled.slice(start, start + 7));
        expect((await store.readMonthly({}, 'all')).months).toEqual(expected.months);
        expect(await store.readRaw(0, 1_000)).toHaveLength(posts.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('are built anew where the dictionary has changed', async () => {
    const { store, reopen } = fixture;
    await store.clear();
    await write(store, [
      { week: 1, name: 'soap', sales: 7 },
      { week: 1, name: 'Tomate', sales: 7 },
    ]);
    if (name === 'csv') await store.close();
    const other = reopen(new NameMatcher([...vegetables, ['detergent', 'soap', '', '']]));
    await other.open();
    const { months } = await other.readMonthly({}, 'all');
    expect(months.map(({ vegetable }) => vegetable)).toEqual(['detergent', 'tomato']);
    expect(await other.readUnknownNames('', 10)).toEqual([]);
    await other.close();
    await store.open();
    expect((await store.readMonthly({}, 'all')).months.map(({ vegetable }) => vegetable)).toEqual([
      'soap',
      'tomato',
    ]);
  });
});

describe('several processes on one Postgres', () => {
  it('write the same keys at once, and nothing is counted twice or lost', async () => {
    const fixture = await createStore('postgres', names);
    try {
      const stores = [fixture.store, fixture.reopen(names), fixture.reopen(names)];
      const posts = Array.from({ length: 200 }, (_, i) => ({
        week: i % 50,
        name: i % 3 ? 'Peer' : 'soap',
        sales: i % 50,
      }));
      await Promise.all(
        stores.flatMap((store) =>
          Array.from({ length: 10 }, (_, k) =>
            store.write(
              posts.filter((_post, i) => i % (k + 1) === 0).map((post) => toRecord(toInput(post), names)),
            ),
          ),
        ),
      );
      await expectAsNaive(fixture.store, posts.map(toNaive));
    } finally {
      await fixture.close();
    }
  });
});
