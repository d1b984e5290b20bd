import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSalesApp, salesStores, type SalesApp } from '../fixtures/sales/sales-app.js';

const realFile = join(import.meta.dirname, '../../../../shared/data/vegetable-sales/weekly-sales.csv');
const itWithRealFile = existsSync(realFile) ? it : it.skip;
if (!existsSync(realFile)) process.stderr.write(`SKIPPED: ${realFile} is missing\n`);

/** 27 weeks of 2020 from week 2 on: the fewest among which one can be an outlier. */
const weeksWithSpike = (vegetable: string, spike: number) =>
  Array.from({ length: 28 }, (_, i) => ({
    year_week: 202002 + i,
    vegetable,
    sales: i === 13 ? spike : 10 + (i % 2),
  }));

describe.each(salesStores)('sales in %s', (store) => {
  let app: SalesApp;
  beforeAll(async () => (app = await createSalesApp(store)));
  afterAll(() => app?.close());
  beforeEach(() => app.clear());

  describe('posting', () => {
    it('takes both forms of a record and gives them back in the first', async () => {
      const result = await app.post([
        { year_week: 202001, vegetable: 'Tomate', sales: 489 },
        { date: '2020-01-13', vegetable: 'Peer', kilo_sold: 95.5 },
        { date: '2020-03', vegetable: 'Brussell Sprout', kilo_sold: 11 },
        { year_week: '202004', vegetable: 'Pera', sales: 0 },
      ]);
      expect(result).toEqual({ status: 'success', accepted: 4, replaced: 0, rejected: [] });
      expect(await app.raw()).toEqual([
        { year_week: 202001, vegetable: 'Tomate', sales: 489 },
        { year_week: 202002, vegetable: 'Peer', sales: 95.5 },
        { year_week: 202003, vegetable: 'Brussell Sprout', sales: 11 },
        { year_week: 202004, vegetable: 'Pera', sales: 0 },
      ]);
    });

    it('stores the same post once, however often it comes', async () => {
      const records = weeksWithSpike('Tomato', 12);
      for (let i = 0; i < 3; i++) {
        expect(await app.post(records)).toMatchObject({ accepted: 28, replaced: 0 });
      }
      expect(await app.raw()).toHaveLength(28);
      expect(await app.monthly()).toHaveLength(7);
    });

    it('gives one row for a key that is posted many times at once', async () => {
      const record = { year_week: 202010, vegetable: 'Leek', sales: 70 };
      await Promise.all(Array.from({ length: 40 }, () => app.post([record])));
      expect(await app.raw()).toEqual([record]);
      expect(await app.monthly()).toEqual([
        { year_month: 202003, vegetable: 'leek', sales: 70, is_outlier: false },
      ]);
    });

    it('replaces a value by a newer one, in every layer', async () => {
      await app.post([{ year_week: 202010, vegetable: 'Leek', sales: 70 }]);
      expect(await app.post([{ year_week: 202010, vegetable: 'Leek', sales: 7 }])).toMatchObject({
        accepted: 1,
        replaced: 1,
      });
      expect(await app.raw()).toEqual([{ year_week: 202010, vegetable: 'Leek', sales: 7 }]);
      expect(await app.monthly()).toEqual([
        { year_month: 202003, vegetable: 'leek', sales: 7, is_outlier: false },
      ]);
    });

    it('lets the last of several values of a key in one list win', async () => {
      const of = (sales: number) => ({ year_week: 202010, vegetable: 'Leek', sales });
      expect(await app.post([of(1), of(2), of(2), of(3)])).toMatchObject({ accepted: 4, replaced: 2 });
      expect(await app.raw()).toEqual([of(3)]);
    });

    it('ends with the same rows whatever the order of the posts', async () => {
      const lists = [weeksWithSpike('Tomato', 12), weeksWithSpike('poire', 9), weeksWithSpike('Peer', 3)];
      for (const list of lists) await app.post(list);
      const expected = await app.monthly();
      await app.clear();
      await Promise.all(
        [...lists].reverse().flatMap((list) => [app.post([...list].reverse()), app.post(list)]),
      );
      expect(await app.monthly()).toEqual(expected);
    });

    it.each<[string, unknown, string, RegExp]>([
      ['a missing week', { vegetable: 'Leek', sales: 1 }, 'year_week', /missing/],
      ['a null week', { year_week: null, vegetable: 'Leek', sales: 1 }, 'year_week', /null/],
      ['a missing name', { year_week: 202001, sales: 1 }, 'vegetable', /missing/],
      ['a null name', { year_week: 202001, vegetable: null, sales: 1 }, 'vegetable', /null/],
      ['an empty name', { year_week: 202001, vegetable: ' \t', sales: 1 }, 'vegetable', /empty/],
      ['a name that is a number', { year_week: 202001, vegetable: 5, sales: 1 }, 'vegetable', /string/],
      [
        'a name of 201 letters',
        { year_week: 202001, vegetable: 'a'.repeat(201), sales: 1 },
        'vegetable',
        /200/,
      ],
      ['a name with NUL', { year_week: 202001, vegetable: 'a\0b', sales: 1 }, 'vegetable', /one line/],
      ['a name of two lines', { year_week: 202001, vegetable: 'a\nb', sales: 1 }, 'vegetable', /one line/],
      [
        'a name with half a character',
        { year_week: 202001, vegetable: '\ud800', sales: 1 },
        'vegetable',
        /one line/,
      ],
      ['missing sales', { year_week: 202001, vegetable: 'Leek' }, 'sales', /missing/],
      ['null sales', { date: '2020-01', vegetable: 'Leek', kilo_sold: null }, 'kilo_sold', /null/],
      ['sales as text', { year_week: 202001, vegetable: 'Leek', sales: '5' }, 'sales', /number/],
      ['sales that say NaN', { year_week: 202001, vegetable: 'Leek', sales: 'NaN' }, 'sales', /number/],
      ['sales as a truth', { year_week: 202001, vegetable: 'Leek', sales: true }, 'sales', /number/],
      ['negative sales', { year_week: 202001, vegetable: 'Leek', sales: -0.1 }, 'sales', /negative/],
      ['huge sales', { year_week: 202001, vegetable: 'Leek', sales: 1e300 }, 'sales', /at most/],
      ['week 54', { year_week: 202054, vegetable: 'Leek', sales: 1 }, 'year_week', /week/],
      ['a week as a fraction', { year_week: 202001.5, vegetable: 'Leek', sales: 1 }, 'year_week', /week/],
      ['a negative week', { year_week: -202001, vegetable: 'Leek', sales: 1 }, 'year_week', /week/],
      ['a week as a list', { year_week: [202001], vegetable: 'Leek', sales: 1 }, 'year_week', /week/],
      ['a month of 13', { date: '2020-13-01', vegetable: 'Leek', sales: 1 }, 'date', /day/],
      ['a day that is not', { date: '2021-02-29', vegetable: 'Leek', sales: 1 }, 'date', /day/],
      ['two weeks', { date: '2021-02', year_week: 202102, vegetable: 'Leek', sales: 1 }, 'date', /left out/],
      [
        'two values',
        { year_week: 202102, vegetable: 'Leek', sales: 1, kilo_sold: 1 },
        'kilo_sold',
        /left out/,
      ],
      ['text', 'Leek', '', /object/],
      ['null', null, '', /object/],
      ['a list', [202001, 'Leek', 1], '', /object/],
    ])('refuses %s and stores its neighbours', async (_what, record, field, reason) => {
      const good = (week: number) => ({ year_week: week, vegetable: 'Leek', sales: 1 });
      const result = await app.post([good(202001), record, good(202002)]);
      expect(result).toMatchObject({ status: 'success', accepted: 2 });
      expect(result.rejected).toEqual([{ index: 1, field, reason: expect.stringMatching(reason) }]);
      expect(await app.raw()).toHaveLength(2);
    });

    it('refuses an infinite number, which JSON can write', async () => {
      const { body } = await app.client.send<{ rejected: unknown[] }>('POST', '/post_sales', {
        body: '[{"year_week":202001,"vegetable":"Leek","sales":1e999}]',
        headers: { 'content-type': 'application/json' },
      });
      expect(body.rejected).toEqual([{ index: 0, field: 'sales', reason: 'must be finite' }]);
    });

    it.each([{ year_week: 202001, vegetable: 'Leek', sales: 1 }, 'text', 5, null, { records: [] }])(
      'answers a body that is no list with a problem: %j',
      async (json) => {
        const { status, headers } = await app.client.send('POST', '/post_sales', { json });
        expect(status).toBe(422);
        expect(headers.get('content-type')).toMatch('application/problem+json');
        expect(await app.raw()).toEqual([]);
      },
    );

    it('answers broken JSON with a problem and stores nothing', async () => {
      const { status, body } = await app.client.send('POST', '/post_sales', {
        body: '[{"year_week":202001,"vegetable":"Leek","sales":1},',
        headers: { 'content-type': 'application/json' },
      });
      expect([status, body.code]).toEqual([400, 'invalid-json']);
      expect(await app.raw()).toEqual([]);
    });

    it('takes an empty list', async () => {
      expect(await app.post([])).toEqual({ status: 'success', accepted: 0, replaced: 0, rejected: [] });
    });

    it('takes names that are hard to store as they are', async () => {
      const names = [
        'a,b',
        '"quoted"',
        "l'ail",
        ' Tomato ',
        'tab\there',
        '🥕',
        '=1+1',
        '{a}',
        'NULL',
        '\\N',
        'a;b',
        '﻿x',
      ];
      const records = names.map((vegetable) => ({ year_week: 202001, vegetable, sales: 1.25 }));
      await app.post(records);
      expect(await app.raw()).toEqual(records);
    });

    it('gives back numbers to the last digit', async () => {
      const records = [0.1, 1 / 3, 123456.789, 5e-324, 1e9].map((sales, i) => ({
        year_week: 202001 + i,
        vegetable: 'Leek',
        sales,
      }));
      await app.post(records);
      expect(await app.raw()).toEqual(records);
    });
  });

  describe('weeks', () => {
    it('resolves week 00 to the days before the first Monday and those of its week in the year before', async () => {
      await app.post([{ year_week: 202000, vegetable: 'Leek', sales: 70 }]);
      expect(await app.raw()).toEqual([{ year_week: 202000, vegetable: 'Leek', sales: 70 }]);
      expect(await app.monthly()).toEqual([
        { year_month: 201912, vegetable: 'leek', sales: 20, is_outlier: false },
        { year_month: 202001, vegetable: 'leek', sales: 50, is_outlier: false },
      ]);
    });

    it('knows a week by both of its names', async () => {
      await app.post([{ year_week: 201952, vegetable: 'Leek', sales: 7 }]);
      expect(await app.post([{ year_week: 202000, vegetable: 'Leek', sales: 70 }])).toMatchObject({
        replaced: 1,
      });
      expect(await app.post([{ date: '2020-01-01', vegetable: 'Leek', sales: 70 }])).toMatchObject({
        replaced: 0,
      });
      expect(await app.raw()).toEqual([{ year_week: 202000, vegetable: 'Leek', sales: 70 }]);
    });

    it('resolves week 53 of a year that has one, and of one that has none', async () => {
      await app.post([
        { year_week: 201853, vegetable: 'Leek', sales: 7 },
        { year_week: 202053, vegetable: 'Pear', sales: 7 },
      ]);
      expect(await app.monthly()).toEqual([
        { year_month: 201812, vegetable: 'leek', sales: 1, is_outlier: false },
        { year_month: 201901, vegetable: 'leek', sales: 6, is_outlier: false },
        { year_month: 202101, vegetable: 'pear', sales: 7, is_outlier: false },
      ]);
    });
  });

  describe('monthly', () => {
    it('splits a week exactly', async () => {
      await app.post([
        { year_week: 202017, vegetable: 'Leek', sales: 70 }, // Monday 27 April: 4 + 3 days
        { date: '2020-09-28', vegetable: 'Pear', sales: 70 }, // 3 + 4 days
        { date: '2021-03-27', vegetable: 'Fig', sales: 100_000 }, // within March
        { date: '2023-12-27', vegetable: 'Kiwi', sales: 70 }, // within December
        { date: '2020-02-26', vegetable: 'Plum', sales: 70 }, // leap year: 6 + 1
        { date: '2021-06-28', vegetable: 'Corn', sales: 70 }, // 3 + 4
        { date: '2022-05-30', vegetable: 'Date', sales: 70 }, // 2 + 5
      ]);
      const rows = (await app.monthly()).map(({ year_month, vegetable, sales }) => [
        year_month,
        vegetable,
        sales,
      ]);
      expect(rows).toEqual([
        [202002, 'plum', 60],
        [202003, 'plum', 10],
        [202004, 'leek', 40],
        [202005, 'leek', 30],
        [202009, 'pear', 30],
        [202010, 'pear', 40],
        [202103, 'fig', 100_000],
        [202106, 'corn', 30],
        [202107, 'corn', 40],
        [202205, 'date', 20],
        [202206, 'date', 50],
        [202312, 'kiwi', 70],
      ]);
    });

    it('keeps sums free of rounding', async () => {
      const weeks = [0, 1, 2].map((i) => ({ year_week: 202001 + i, vegetable: 'Leek', sales: 0.1 }));
      await app.post([...weeks, { year_week: 202002, vegetable: 'poireau', sales: 0.2 }]);
      expect(await app.monthly()).toEqual([
        { year_month: 202001, vegetable: 'leek', sales: 0.5, is_outlier: false },
      ]);
    });

    it('sums the spellings and languages of a vegetable in a week', async () => {
      const names = ['Peer', 'Poire', 'Pera', 'PEARS', 'pear', 'Peras'];
      await app.post(names.map((vegetable) => ({ year_week: 202002, vegetable, sales: 10 })));
      expect(await app.monthly()).toEqual([
        { year_month: 202001, vegetable: 'pear', sales: 60, is_outlier: false },
      ]);
    });

    it('keeps unknown names apart, flags them and lists them', async () => {
      await app.post([
        { year_week: 202002, vegetable: 'Washing powder', sales: 1 },
        { year_week: 202003, vegetable: 'Washing powder', sales: 1 },
        { year_week: 202003, vegetable: 'washing  POWDER', sales: 2 },
        { year_week: 202003, vegetable: 'Tomatto', sales: 1 },
        { year_week: 202003, vegetable: '!!!', sales: 1 },
      ]);
      const { body } = await app.client.get('/api/v1/sales/unknown-names');
      expect(body).toEqual([
        { name: '!!!', vegetable: '!!!', weeks: 1 },
        { name: 'Washing powder', vegetable: 'washing powder', weeks: 2 },
        { name: 'washing  POWDER', vegetable: 'washing powder', weeks: 1 },
      ]);
      expect((await app.monthly()).map(({ vegetable, sales }) => [vegetable, sales])).toEqual([
        ['!!!', 1],
        ['tomato', 1],
        ['washing powder', 4],
      ]);
      const page = await app.client.get<{ name: string }[]>('/api/v1/sales/unknown-names?limit=1');
      const next = await app.client.get<{ name: string }[]>(
        `/api/v1/sales/unknown-names?limit=5&cursor=${page.headers.get('x-next-cursor')}`,
      );
      expect([page, next].map(({ body: rows }) => rows.map(({ name }) => name))).toEqual([
        ['!!!'],
        ['Washing powder', 'washing  POWDER'],
      ]);
    });

    it('marks a week above its own vegetable’s mean + 5 deviations, before it is split', async () => {
      // Monday 30 March lies in two months; another vegetable that always sells as much is no outlier.
      const spike = 10_000;
      const tomato = weeksWithSpike('Tomato', 0).map((record) =>
        record.year_week === 202013 ? { ...record, sales: spike } : { ...record, sales: 10 },
      );
      const potato = weeksWithSpike('Potato', 0).map((record) => ({ ...record, sales: spike }));
      await app.post([...tomato, ...potato]);
      const rows = await app.monthly();
      expect(
        rows
          .filter(({ is_outlier }) => is_outlier)
          .map(({ year_month, vegetable }) => [year_month, vegetable]),
      ).toEqual([
        [202003, 'tomato'],
        [202004, 'tomato'],
      ]);
      const march = 10 * (4 + 1 / 7);
      const marchRows = await app.monthly('?remove_outliers=true&vegetable=tomato&from=2020-03&to=202003');
      expect(marchRows).toHaveLength(1);
      expect(marchRows[0]).toMatchObject({ year_month: 202003, is_outlier: false });
      expect(marchRows[0]!.sales).toBeCloseTo(march, 9);
      expect(
        (await app.monthly('?remove_outliers=true&vegetable=potato')).every((row) => !row.is_outlier),
      ).toBe(true);
    });

    it('finds no outlier among 26 weeks, however large, but the robust method does', async () => {
      const weeks = weeksWithSpike('Tomato', 1e9).slice(0, 26);
      await app.post(weeks);
      expect((await app.monthly()).some(({ is_outlier }) => is_outlier)).toBe(false);
      expect((await app.monthly('?outlier_method=mad')).filter(({ is_outlier }) => is_outlier)).toHaveLength(
        1,
      );
      await app.post([{ year_week: 202040, vegetable: 'Tomato', sales: 10 }]);
      expect((await app.monthly()).filter(({ is_outlier }) => is_outlier)).toHaveLength(1);
    });

    it('takes an outlier back when it is corrected, and marks one that others uncover', async () => {
      await app.post(weeksWithSpike('Tomato', 500));
      expect((await app.monthly()).filter(({ is_outlier }) => is_outlier)).toHaveLength(1);
      await app.post([{ year_week: 202015, vegetable: 'Tomato', sales: 11 }]);
      expect((await app.monthly()).filter(({ is_outlier }) => is_outlier)).toHaveLength(0);
    });

    it('drops a month that has outlier weeks alone', async () => {
      const weeks = weeksWithSpike('Tomato', 10);
      await app.post([...weeks, { date: '2022-08-10', vegetable: 'Tomato', sales: 1e6 }]);
      expect((await app.monthly()).at(-1)).toEqual({
        year_month: 202208,
        vegetable: 'tomato',
        sales: 1e6,
        is_outlier: true,
      });
      expect((await app.monthly('?remove_outliers=true')).at(-1)!.year_month).toBe(202007);
    });

    it.each(['true', 'True', 'TRUE', '1'])('removes outliers with remove_outliers=%s', async (flag) => {
      await app.post(weeksWithSpike('Tomato', 500));
      const rows = await app.monthly(`?remove_outliers=${flag}`);
      expect(Math.max(...rows.map(({ sales }) => sales))).toBeLessThan(60);
    });

    it.each(['false', 'False', '0'])('keeps them with remove_outliers=%s', async (flag) => {
      await app.post(weeksWithSpike('Tomato', 500));
      expect((await app.monthly(`?remove_outliers=${flag}`)).some(({ is_outlier }) => is_outlier)).toBe(true);
    });

    it.each([
      'remove_outliers=yes',
      'remove_outliers=',
      'remove_outliers=2',
      'remove_outliers=true&remove_outliers=false',
      'outlier_method=iqr',
      'from=2020',
      'from=202013',
      'to=abc',
      'limit=0',
      'limit=1.5',
      'limit=10001',
      'cursor=abc',
      'vegetable=',
      'unknown=1',
    ])('refuses ?%s', async (query) => {
      const { status, body } = await app.client.get(`/get_monthly_sales?${query}`);
      expect([status, body.code]).toEqual([422, 'validation-failed']);
    });

    it('sorts by month and vegetable, and filters by both', async () => {
      await app.post([
        { date: '2020-03-04', vegetable: 'zucchini', sales: 7 },
        { date: '2020-01-08', vegetable: 'Zanahoria', sales: 7 },
        { date: '2020-02-05', vegetable: 'apple', sales: 7 },
        { date: '2020-01-08', vegetable: 'apple', sales: 7 },
      ]);
      const list = async (query: string) =>
        (await app.monthly(query)).map(({ year_month, vegetable }) => `${year_month} ${vegetable}`);
      expect(await list('')).toEqual(['202001 apple', '202001 carrot', '202002 apple', '202003 zucchini']);
      expect(await list('?vegetable=Pomme')).toEqual(['202001 apple', '202002 apple']);
      expect(await list('?vegetable=Pomme,courgettes')).toEqual([
        '202001 apple',
        '202002 apple',
        '202003 zucchini',
      ]);
      expect(await list('?vegetable=Pomme&vegetable=carrot&to=202001')).toEqual([
        '202001 apple',
        '202001 carrot',
      ]);
      expect(await list('?from=2020-02')).toEqual(['202002 apple', '202003 zucchini']);
      expect(await list('?vegetable=nothing')).toEqual([]);
    });
  });

  describe('reading', () => {
    it('answers in CSV where it is asked to', async () => {
      await app.post([
        { year_week: 202002, vegetable: 'Soap, "red"', sales: 7 },
        { year_week: 202002, vegetable: 'Leek', sales: 7.5 },
      ]);
      const get = (path: string) => app.client.send<string>('GET', path, { headers: { accept: 'text/csv' } });
      const raw = await get('/get_raw_sales');
      expect(raw.headers.get('content-type')).toMatch('text/csv');
      expect(raw.body).toBe('year_week,vegetable,sales\n202002,"Soap, ""red""",7\n202002,Leek,7.5\n');
      const monthly = await get('/get_monthly_sales');
      expect(monthly.body).toBe(
        'year_month,vegetable,sales,is_outlier\n202001,leek,7.5,false\n202001,"soap, ""red""",7,false\n',
      );
      expect(
        (
          await app.client.send('GET', '/get_raw_sales', {
            headers: { accept: 'application/json, text/csv;q=0.9' },
          })
        ).headers.get('content-type'),
      ).toMatch('application/json');
    });

    it('pages through raw sales and through monthly ones', async () => {
      await app.post(['Leek', 'Pear', 'Fig'].flatMap((name) => weeksWithSpike(name, 10)));
      for (const path of ['/get_raw_sales', '/get_monthly_sales']) {
        const all = (await app.client.get<unknown[]>(path)).body;
        const pages: unknown[] = [];
        let url: string | undefined = `${path}?limit=10`;
        let requests = 0;
        while (url !== undefined && requests++ < 20) {
          const page: { body: unknown[]; headers: Headers } = await app.client.get<unknown[]>(url);
          pages.push(...page.body);
          url = /<(.*)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
        }
        expect(pages).toEqual(all);
        expect(requests).toBe(Math.ceil(all.length / 10));
      }
    });

    it('sends nothing where the caller has it already', async () => {
      const record = { year_week: 202002, vegetable: 'Leek', sales: 7 };
      await app.post([record]);
      for (const path of ['/get_raw_sales', '/get_monthly_sales', '/get_raw_sales?limit=5']) {
        const tag = (await app.client.get(path)).headers.get('etag')!;
        const again = () => app.client.send('GET', path, { headers: { 'if-none-match': tag } });
        expect((await again()).status).toBe(304);
        await app.post([record]);
        expect((await again()).status).toBe(304);
        record.sales++;
        await app.post([record]);
        expect((await again()).status).toBe(200);
      }
    });

    it('streams everything where there is a lot', async () => {
      const records = Array.from({ length: 12_000 }, (_, i) => ({
        year_week: 202001 + (i % 50),
        vegetable: `thing ${Math.floor(i / 50)}`,
        sales: i,
      }));
      expect(await app.post(records)).toMatchObject({ accepted: 12_000 });
      expect(await app.raw()).toEqual(records);
      const { body } = await app.client.send<string>('GET', '/get_raw_sales', {
        headers: { accept: 'text/csv' },
      });
      expect(body.split('\n')).toHaveLength(12_002);
    });

    it('sees at once what was acknowledged', async () => {
      for (let i = 0; i < 20; i++) {
        await app.post([{ year_week: 202002, vegetable: 'Leek', sales: i }]);
        const [raw, monthly] = await Promise.all([app.raw(), app.monthly()]);
        expect([raw[0]!.sales, monthly[0]!.sales]).toEqual([i, i]);
      }
    });
  });

  it('initialises without losing anything, and removes everything where it is told to', async () => {
    await app.post([{ year_week: 202002, vegetable: 'Leek', sales: 7 }]);
    for (const [method, path] of [
      ['POST', '/init_database'],
      ['GET', '/init_db'],
    ] as const) {
      expect((await app.client.send(method, path)).body).toEqual({ status: 'success' });
    }
    expect(await app.raw()).toHaveLength(1);
    await app.client.send('POST', '/init_database?reset=true');
    expect([await app.raw(), await app.monthly()]).toEqual([[], []]);
  });

  itWithRealFile('makes clean monthly sales of the real file, as its users would', async () => {
    const lines = readFileSync(realFile, 'utf8').trim().split(/\r?\n/).slice(1);
    const records = lines.map((line) => {
      const [year_week, vegetable, sales] = line.split(',');
      return { year_week: Number(year_week), vegetable, sales: Number(sales) };
    });
    expect(await app.post(records)).toEqual({ status: 'success', accepted: 624, replaced: 0, rejected: [] });
    expect(await app.raw()).toEqual(records);
    const monthly = await app.monthly();
    expect([...new Set(monthly.map(({ vegetable }) => vegetable))].sort()).toEqual([
      'brussels sprout',
      'pear',
      'tomato',
    ]);
    expect(monthly.some(({ is_outlier }) => is_outlier)).toBe(false);
    const sum = (rows: { sales: number }[]) => rows.reduce((total, { sales }) => total + sales, 0);
    expect(sum(monthly)).toBeCloseTo(sum(records), 6);
    expect((await app.client.get('/api/v1/sales/unknown-names')).body).toEqual([]);
  });
});
