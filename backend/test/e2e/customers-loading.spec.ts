import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { DataSource } from 'typeorm';
import { datasets } from '../../src/customers/loading/datasets.js';
import { FileLoader } from '../../src/customers/loading/file-loader.js';
import { SourceFileError, StepError } from '../../src/customers/loading/loading.errors.js';
import { QualityError } from '../../src/customers/quality/quality.errors.js';
import {
  contextOf,
  createCustomerApp,
  smallFiles,
  type CustomerApp,
} from '../fixtures/customers/customer-app.js';

const REFERENCE = resolve(import.meta.dirname, '../../../../shared/data/customers');

let app: CustomerApp;

beforeAll(async () => {
  app = await createCustomerApp();
});
afterAll(() => app.close());

const writeSmall = async (changes: Record<string, string | Uint8Array> = {}) => {
  for (const [name, content] of Object.entries({ ...smallFiles, ...changes })) await app.write(name, content);
};
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail')),
    (error: Error) => error,
  );
/** A run of its own, at the given month. */
const monthRun = (month: string, more = {}) =>
  contextOf({ scheduledFor: new Date(`${month}-01T00:00:00Z`), ...more });
const loadMonth = async (context = monthRun('2020-01')) => {
  const { steps } = app;
  for (const step of [
    steps.loadMonth,
    steps.checkMonth,
    steps.publishMonth,
    steps.refreshMonthlySales,
    steps.refreshMonthlyAverages,
  ])
    await step(context);
};

/** Profiles that a run has staged. */
const countStaged = async (runId: string) => {
  const rows = await app.database.query(
    'SELECT FROM staging_customer_profiles JOIN customer_loads ON id = load_id WHERE run_id = $1',
    [runId],
  );
  return rows.length;
};

describe('load-client-data', () => {
  beforeEach(() => writeSmall());

  it('publishes profiles, activity, labels and stores', async () => {
    await app.loadClientData();
    await expect(app.database.query('SELECT * FROM customer_profiles ORDER BY idx')).resolves.toEqual([
      { idx: '0', attr_a: 3, attr_b: 'c', attr_c: 'yes' },
      { idx: '1', attr_a: 4, attr_b: 'd', attr_c: 'no' },
      { idx: '2', attr_a: 5, attr_b: 'a', attr_c: 'yes' },
    ]);
    const [activity] = await app.database.query('SELECT * FROM customer_activity ORDER BY idx, valid_from');
    expect(activity).toEqual({
      idx: '0',
      valid_from: new Date('2020-01-01T00:00:00Z'),
      valid_to: new Date('2021-01-01T00:00:00Z'),
      scd_a: 0.1,
      scd_b: 1,
    });
    await expect(app.database.query('SELECT idx, label FROM labels ORDER BY idx')).resolves.toHaveLength(2);
    await expect(app.database.query('SELECT count(*)::integer AS n FROM staging_labels')).resolves.toEqual([
      { n: 0 },
    ]);
  });

  it('changes nothing when the same is loaded again, and only what differs otherwise', async () => {
    await app.loadClientData();
    const seen = await app.database.query('SELECT idx, seen_at, xmin::text FROM labels ORDER BY idx');
    await app.loadClientData();
    await expect(
      app.database.query('SELECT idx, seen_at, xmin::text FROM labels ORDER BY idx'),
    ).resolves.toEqual(seen);
    await app.write('labels.csv', 'idx,label,labeled_at\n0,1,2020-12-31 23:59:59\n1,1,2020-06-01\n');
    await app.loadClientData();
    const after = await app.database.query('SELECT idx, seen_at, xmin::text FROM labels ORDER BY idx');
    expect(after[0]).toEqual(seen[0]);
    expect(after[1]).not.toEqual(seen[1]);
  });

  it('repeats any step of a run without doubling anything', async () => {
    const context = contextOf();
    const { steps } = app;
    for (const step of [steps.loadProfiles, steps.loadActivity, steps.loadLabels, steps.loadStores]) {
      await Promise.all([step(context), step(context)]);
      await step(context);
    }
    await expect(steps.checkActivity(context)).resolves.toMatchObject({ rowsIn: 5 });
    await Promise.all([steps.publishClientData(context), steps.publishClientData(context)]);
    await steps.publishClientData(context);
    await expect(app.database.query('SELECT count(*)::integer AS n FROM customer_activity')).resolves.toEqual(
      [{ n: 5 }],
    );
  });

  it.each<[string, Record<string, string | Uint8Array>]>([
    [
      'a byte order mark, blanks, CRLF and blank lines',
      { 'stores.csv': '\uFEFFidx , location\r\n\r\n1, New York \r\n2,Lisbon\r\n\r\n' },
    ],
    ['columns in another order', { 'stores.csv': 'location,idx\nNew York,1\nLisbon,2\n' }],
    ['no line end at the end', { 'stores.csv': 'idx,location\n1,New York\n2,Lisbon' }],
    [
      'quotes, and numbers written as 1.0',
      { 'stores.csv': '"idx","location"\n1.0,"New York"\n"2",Lisbon\n' },
    ],
    ['gzip under a plain name', { 'stores.csv': gzipSync('idx,location\n1,New York\n2,Lisbon\n') }],
  ])('reads %s', async (_what, changes) => {
    await writeSmall(changes);
    await app.loadClientData();
    await expect(app.database.query('SELECT * FROM stores ORDER BY idx')).resolves.toEqual([
      { idx: '1', location: 'New York' },
      { idx: '2', location: 'Lisbon' },
    ]);
  });

  const packed = gzipSync(
    `idx,attr_a,attr_b,attr_c\n${Array.from({ length: 5_000 }, (_, i) => `${i},${1 + (i % 5)},a,yes`).join('\n')}`,
  );
  const damaged = Buffer.from(packed);
  damaged.fill(0, 300, 340);

  it.each<[string, string | Uint8Array, string, RegExp]>([
    ['an empty file', '', 'columns', /line 1: the file is empty/],
    [
      'a header in another language',
      'id;a;b;c\n1;1;a;yes\n',
      'columns',
      /idx is missing.*"id;a;b;c" is not known/,
    ],
    ['a missing column', 'idx,attr_a,attr_b\n1,1,a\n', 'columns', /attr_c is missing/],
    ['a column twice', 'idx,attr_a,attr_b,attr_c,idx\n', 'columns', /"idx" is there twice/],
    [
      'a row that is cut off',
      'idx,attr_a,attr_b,attr_c\n1,1,a,yes\n2,2,b',
      'malformed',
      /line 3: the number of fields/,
    ],
    [
      'a quote that never ends',
      'idx,attr_a,attr_b,attr_c\n1,1,"a,yes\n2,2,b,no\n',
      'malformed',
      /quote is never closed/,
    ],
    [
      'a word for a number',
      'idx,attr_a,attr_b,attr_c\n1,1,a,yes\n2,two,b,no\n',
      'value',
      /line 3: attr_a must be a whole number, not "two"/,
    ],
    [
      'a number beyond any',
      'idx,attr_a,attr_b,attr_c\n99999999999999999999,1,a,yes\n',
      'value',
      /line 2: idx/,
    ],
    ['a fraction for a whole number', 'idx,attr_a,attr_b,attr_c\n1,1.5,a,yes\n', 'value', /attr_a/],
    ['NUL', 'idx,attr_a,attr_b,attr_c\n1,1,a\0,yes\n', 'value', /attr_b/],
    ['Latin-1', Buffer.from('idx,attr_a,attr_b,attr_c\n1,1,é,yes\n', 'latin1'), 'value', /attr_b/],
    ['UTF-16', Buffer.from('idx,attr_a,attr_b,attr_c\n1,1,a,yes\n', 'utf16le'), 'columns', /is not known/],
    ['a line without end', `idx,attr_a,attr_b,attr_c\n${'x'.repeat(200_000)}`, 'malformed', /too long/],
    [
      'a photo',
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Array<number>(100_000).fill(0xaa)]),
      'malformed',
      /./,
    ],
    ['gzip that is cut off', packed.subarray(0, packed.length - 2_000), 'truncated', /ends too early/],
    ['gzip that is damaged', damaged, 'corrupt', /damaged|ends/],
  ])('refuses %s, with its file and line, and keeps nothing', async (_what, content, problem, message) => {
    await app.loadClientData();
    const before = await app.database.query('SELECT * FROM customer_profiles ORDER BY idx');
    await app.write('customer_profiles.csv', content);
    const context = contextOf();
    const error = await failure(app.steps.loadProfiles(context));
    expect(error).toBeInstanceOf(SourceFileError);
    const { problem: found, place, isPermanent } = error as SourceFileError;
    expect([found, isPermanent]).toEqual([problem, true]);
    expect(place.file).toMatch(/customer_profiles\.csv$/);
    expect(error.message).toMatch(message);
    await expect(countStaged(context.runId)).resolves.toBe(0);
    await expect(app.database.query('SELECT * FROM customer_profiles ORDER BY idx')).resolves.toEqual(before);
    // What was mended can be loaded by the same run.
    await writeSmall();
    await expect(app.steps.loadProfiles(context)).resolves.toMatchObject({ rowsIn: 3 });
  });

  it('says which file is missing, and what it looked for', async () => {
    const other = monthRun('1999-12');
    const error = (await failure(app.steps.loadMonth(other))) as SourceFileError;
    expect(error.problem).toBe('missing');
    expect(error.message).toContain(app.filesDir);
    expect(error.message).toContain('sales/1999-12-01/sales.csv.gz, sales-1999-12.csv, sales-1999-12.csv.gz');
  });

  it.each<[string, string, string, RegExp]>([
    [
      'a customer twice',
      'customer_profiles.csv',
      'idx,attr_a,attr_b,attr_c\n0,3,c,yes\n1,4,d,no\n0,5,a,yes\n',
      /profiles\.idx\.unique: 2 of 3 rows \(line 2, idx 0; line 4, idx 0\)/,
    ],
    [
      'an empty attribute',
      'customer_profiles.csv',
      'idx,attr_a,attr_b,attr_c\n0,3,c,yes\n1,,d,no\n2,1,a,no\n',
      /profiles\.attr_a\.not-null: 1 of 3 rows \(line 3, idx 1, attr_a null\)/,
    ],
    [
      'an unknown attribute',
      'customer_profiles.csv',
      'idx,attr_a,attr_b,attr_c\n0,3,e,yes\n1,6,d,no\n2,1,a,maybe\n',
      /attr_a\.accepted: 1 of 3.*\n.*attr_b\.accepted.*attr_b e\).*\n.*attr_c\.accepted/,
    ],
    ['no rows', 'customer_profiles.csv', 'idx,attr_a,attr_b,attr_c\n', /row-count: there are no rows/],
    [
      'half of the rows',
      'customer_profiles.csv',
      'idx,attr_a,attr_b,attr_c\n0,3,c,yes\n',
      /row-count: 1 rows against 3 last time/,
    ],
    [
      'the same period twice',
      'customer_activity.csv',
      `${smallFiles['customer_activity.csv']}2,2022-01-01 00:00:00+00:00,,0.9,1\n`,
      /activity\.idx\+valid_from\.unique: 2 of 6/,
    ],
    [
      'a period that runs backwards',
      'customer_activity.csv',
      smallFiles['customer_activity.csv']!.replace('2020-06-01', '2019-06-01'),
      /activity\.period\.forward: 1 of 5 rows \(line 4, idx 1, valid_from 2020-01-01T00:00:00.00:00, valid_to 2019/,
    ],
    [
      'an activity out of range',
      'customer_activity.csv',
      smallFiles['customer_activity.csv']!.replace('0.5,5', '1.5,6'),
      /scd_a\.range.*scd_a 1\.5\)\n.*scd_b\.accepted.*scd_b 6\)/,
    ],
    [
      'an unknown customer’s activity',
      'customer_activity.csv',
      smallFiles['customer_activity.csv']!.replace('2,2022', '7,2022'),
      /activity\.idx\.profile: 1 of 5 rows \(line 6, idx 7/,
    ],
    ['a label of 2', 'labels.csv', 'idx,label\n0,2\n1,0\n', /labels\.label\.accepted/],
    [
      'a store without a place',
      'stores.csv',
      'idx,location\n1,\n2,Lisbon\n3,Rome\n',
      /stores\.location\.not-null/,
    ],
  ])(
    'stops at %s, names the rows, and publishes nothing of the run',
    async (_what, file, content, message) => {
      await app.loadClientData();
      await app.write(file, content);
      const error = await failure(app.loadClientData());
      expect(error).toBeInstanceOf(QualityError);
      expect((error as StepError).isPermanent).toBe(true);
      expect(error.message).toMatch(message);
      await expect(app.database.query('SELECT attr_a FROM customer_profiles ORDER BY idx')).resolves.toEqual([
        { attr_a: 3 },
        { attr_a: 4 },
        { attr_a: 5 },
      ]);
    },
  );

  it('warns of periods that overlap, and lets a run allow what it knows about', async () => {
    await app.write(
      'customer_activity.csv',
      smallFiles['customer_activity.csv']!.replace('2020-01-01,2021-01-01', '2020-01-01,2021-01-02'),
    );
    const lines: string[] = [];
    await app.loadClientData({ log: (line) => lines.push(line) });
    expect(lines).toContain('FAILED activity.period.no-overlap: 1 of 5 rows');
    await app.write('labels.csv', 'idx,label\n0,1\n');
    await expect(app.loadClientData()).rejects.toThrow('labels.row-count');
    await app.loadClientData({ parameters: { max_row_change: 1 } });
  });

  it('limits the age of files where a run says so', async () => {
    const scheduledFor = new Date(Date.now() + 40 * 86_400_000);
    await expect(
      app.loadClientData({ scheduledFor, parameters: { max_source_age_days: 30, max_row_change: 9 } }),
    ).rejects.toThrow(/source-age: 40\.0 days old \(allowed: 30\)/);
  });

  it('ends where a file cannot be read to its end, and gives its connection back', async () => {
    const database = app.app.get(DataSource);
    for (const content of ['', 'idx,attr_a,attr_b,attr_c\n1,1,a,yes\n']) {
      const place = { file: 'broken disk' };
      async function* read() {
        if (content !== '') yield Buffer.from(content);
        throw new SourceFileError('unreachable', place, 'cannot be read (EIO)');
      }
      const file = {
        name: 'x',
        bytes: 1,
        modifiedAt: null,
        open: async () => Readable.from(read(), { objectMode: false }),
      };
      const loader = new FileLoader(database, { location: 'x', find: () => Promise.resolve(file) });
      const context = contextOf();
      await expect(failure(loader.load(datasets.profiles, null, context))).resolves.toMatchObject({
        isPermanent: false,
      });
      expect(await countStaged(context.runId)).toBe(0);
    }
    const busy =
      "SELECT FROM pg_stat_activity WHERE state LIKE '%transaction%' AND datname = current_database()";
    expect(await app.database.query(busy)).toHaveLength(0);
  });

  it('ends at once when it is no longer wanted, and keeps nothing', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},1,a,yes`).join('\n');
    await app.write('customer_profiles.csv', `idx,attr_a,attr_b,attr_c\n${rows}`);
    const stop = new AbortController();
    const context = contextOf({ signal: stop.signal });
    const loading = failure(app.steps.loadProfiles(context));
    setTimeout(() => stop.abort(), 100);
    expect((await loading).name).toBe('AbortError');
    await expect(countStaged(context.runId)).resolves.toBe(0);
  });
});

describe('load-sales-data', () => {
  beforeAll(async () => {
    await writeSmall();
    await app.loadClientData({ parameters: { max_row_change: 9 } });
  });

  it('loads the month of its run alone, and derives sums and averages', async () => {
    await loadMonth(monthRun('2020-01'));
    await loadMonth(monthRun('2020-02'));
    await expect(
      app.database.query(
        "SELECT to_char(month, 'YYYY-MM') AS month, store_idx, count, value::float FROM monthly_sales ORDER BY 1, 2",
      ),
    ).resolves.toEqual([
      { month: '2020-01', store_idx: '1', count: 2, value: 4 },
      { month: '2020-01', store_idx: '2', count: 1, value: 4 },
      { month: '2020-01', store_idx: '3', count: 0, value: 0 },
      { month: '2020-02', store_idx: '1', count: 0, value: 0 },
      { month: '2020-02', store_idx: '2', count: 0, value: 0 },
      { month: '2020-02', store_idx: '3', count: 2, value: 11 },
    ]);
    await expect(app.database.query('SELECT * FROM monthly_avg_count ORDER BY location')).resolves.toEqual([
      { location: 'Lisbon', months: 2, avg_count: 1.5, avg_value: 7.5 },
      { location: 'New York', months: 2, avg_count: 1, avg_value: 2 },
    ]);
  });

  it('replaces a month, doubles none, and leaves the others', async () => {
    await loadMonth(monthRun('2020-01'));
    await app.write(
      'sales/2020-01-01/sales.csv',
      'idx,value,date,store_idx\n1,1.5,2020-01-01,1\n4,9,2020-01-31,2\n',
    );
    await Promise.all([loadMonth(monthRun('2020-01')), loadMonth(monthRun('2020-01'))]);
    await expect(
      app.database.query("SELECT idx, value::float FROM store_sales WHERE month = '2020-01-01' ORDER BY idx"),
    ).resolves.toEqual([
      { idx: '1', value: 1.5 },
      { idx: '4', value: 9 },
    ]);
    await expect(
      app.database.query("SELECT count(*)::integer AS n FROM store_sales WHERE month = '2020-02-01'"),
    ).resolves.toEqual([{ n: 2 }]);
  });

  it('takes the month from its parameters, and refuses one that is none', async () => {
    const context = contextOf({ parameters: { month: '2020-02' } });
    await expect(app.steps.loadMonth(context)).resolves.toMatchObject({ rowsIn: 2 });
    await expect(
      failure(app.steps.loadMonth(contextOf({ parameters: { month: '2020-13' } }))),
    ).resolves.toMatchObject({
      isPermanent: true,
    });
  });

  it.each([
    ['a day of another month', '1,1,2020-02-01,1', /sales\.date\.month: 1 of 2.*date 2020-02-01/],
    ['an unknown store', '1,1,2020-01-01,9', /sales\.store_idx\.store.*store_idx 9/],
    ['a sale twice', '2,1,2020-01-01,1', /sales\.idx\.unique: 2 of 2/],
    ['a negative value', '1,-1,2020-01-01,1', /sales\.value\.range/],
  ])('stops at %s', async (_what, row, message) => {
    await app.write('sales/2020-01-01/sales.csv', `idx,value,date,store_idx\n2,1,2020-01-02,1\n${row}\n`);
    await expect(loadMonth(monthRun('2020-01'))).rejects.toThrow(message);
  });

  it('refuses a date that the calendar does not have', async () => {
    await app.write('sales/2020-01-01/sales.csv', 'idx,value,date,store_idx\n1,1,2020-01-32,1\n');
    await expect(loadMonth(monthRun('2020-01'))).rejects.toThrow('line 2: date must be a date YYYY-MM-DD');
  });
});

const describeReference = existsSync(REFERENCE) ? describe : describe.skip;
if (!existsSync(REFERENCE)) process.stderr.write(`skipped: there are no reference files in ${REFERENCE}\n`);

describeReference('the reference files', () => {
  it('load as they are: packed, without times, sales under their short name', async () => {
    await mkdir(app.filesDir, { recursive: true });
    for (const name of ['customer_profiles.csv.gz', 'labels.csv.gz', 'stores.csv', 'sales-2020-01.csv'])
      await cp(join(REFERENCE, name), join(app.filesDir, 'reference', name));
    const reference = await createCustomerApp({ env: { CUSTOMERS_DIR: join(app.filesDir, 'reference') } });
    try {
      const context = contextOf({ scheduledFor: new Date('2020-01-01T00:00:00Z') });
      const { steps } = reference;
      for (const step of [steps.loadProfiles, steps.loadLabels, steps.loadStores]) await step(context);
      for (const step of [steps.checkProfiles, steps.checkLabels, steps.checkStores]) await step(context);
      await expect(steps.loadMonth(context)).resolves.toMatchObject({ rowsIn: 412 });
      const [row] = await reference.database.query(
        'SELECT count(*)::integer AS n FROM staging_customer_profiles',
      );
      expect(row).toEqual({ n: 150_000 });
    } finally {
      await reference.close();
    }
  });
});
