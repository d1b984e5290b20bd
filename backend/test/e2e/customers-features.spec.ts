import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { DataSource } from 'typeorm';
import { activityAt, type Period } from '../fixtures/customers/naive-activity.js';
import {
  contextOf,
  createCustomerApp,
  smallFiles,
  type CustomerApp,
} from '../fixtures/customers/customer-app.js';
import type { ApiClient } from '../support/api-client.js';

interface Features {
  idx: number;
  scd_a: number | null;
  scd_b: number | null;
  label: number | null;
}

let app: CustomerApp;
let user: ApiClient;
let database: DataSource;

beforeAll(async () => {
  app = await createCustomerApp();
  user = await app.user('user@example.org');
  database = app.app.get(DataSource);
});
afterAll(() => app.close());

const hour = (n: number) => new Date(Date.UTC(2020, 0, 1) + n * 3_600_000);

/** Replaces everything that features are made of. */
async function seed(
  customers: readonly { periods: readonly Period[]; label: number | null; at: number | null }[],
) {
  const idx = customers.map((_, i) => i);
  const periods = customers.flatMap((customer, i) => customer.periods.map((period) => ({ ...period, i })));
  await database.query('TRUNCATE customer_profiles, customer_activity, labels');
  await database.query(
    `INSERT INTO customer_profiles SELECT idx, 1 + idx % 5, 'a', 'yes' FROM unnest($1::bigint[]) AS idx`,
    [idx],
  );
  await database.query(
    `INSERT INTO customer_activity SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::float8[], $5::integer[])`,
    [
      periods.map(({ i }) => i),
      periods.map(({ from }) => hour(from)),
      periods.map(({ to }) => (to === null ? null : hour(to))),
      periods.map(({ scd_a }) => scd_a),
      periods.map(({ scd_b }) => scd_b),
    ],
  );
  const labelled = idx.filter((i) => customers[i]!.label !== null);
  await database.query(
    `INSERT INTO labels (idx, label, labeled_at) SELECT * FROM unnest($1::bigint[], $2::integer[], $3::timestamptz[])`,
    [
      labelled,
      labelled.map((i) => customers[i]!.label),
      labelled.map((i) => (customers[i]!.at === null ? null : hour(customers[i]!.at))),
    ],
  );
}

/** Few times, so that bounds often meet; at most one period begins at a time, as the table demands. */
const time = fc.integer({ min: 0, max: 8 });
const periods = fc
  .uniqueArray(
    fc.record({
      from: time,
      length: fc.option(fc.integer({ min: 0, max: 5 })),
      scd_b: fc.integer({ min: 1, max: 5 }),
    }),
    {
      selector: ({ from }) => from,
      maxLength: 5,
    },
  )
  .map((list) =>
    list.map(({ from, length, scd_b }, i): Period => ({
      from,
      to: length === null ? null : from + length,
      scd_a: i / 10,
      scd_b,
    })),
  );
const customer = fc.record({
  periods,
  label: fc.option(fc.integer({ min: 0, max: 1 })),
  at: fc.option(time),
});

describe('the feature store', () => {
  it('joins each customer with the activity valid at the label’s time, as a naive join does', async () => {
    const asOf = 7;
    await fc.assert(
      fc.asyncProperty(fc.array(customer, { minLength: 1, maxLength: 60 }), async (customers) => {
        await seed(customers);
        await app.steps.refreshFeatureStore(contextOf({ scheduledFor: hour(asOf) }));
        const stored = await database.query<Features[]>(
          'SELECT idx::integer, scd_a, scd_b, label FROM feature_store ORDER BY idx',
        );
        const expected = customers.map(({ periods: own, label, at }, idx) => {
          const valid = activityAt(own, label === null || at === null ? asOf : at);
          return { idx, scd_a: valid?.scd_a ?? null, scd_b: valid?.scd_b ?? null, label };
        });
        expect(stored).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('gives any customer at any time through the API, as a naive join does', async () => {
    await fc.assert(
      fc.asyncProperty(customer, fc.integer({ min: -1, max: 14 }), async (one, at) => {
        await seed([one]);
        const { body } = await user.get<Features>(
          `/api/v1/customers/0/features?at=${hour(at).toISOString()}`,
        );
        const valid = activityAt(one.periods, at);
        expect([body.scd_a, body.scd_b]).toEqual([valid?.scd_a ?? null, valid?.scd_b ?? null]);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the newest period of each customer', async () => {
    await seed([
      {
        periods: [
          { from: 0, to: 3, scd_a: 0, scd_b: 1 },
          { from: 3, to: null, scd_a: 0.1, scd_b: 2 },
        ],
        label: 1,
        at: 1,
      },
      { periods: [], label: 0, at: 0 },
    ]);
    await app.steps.refreshActivityLatest(contextOf());
    await expect(
      database.query('SELECT idx, scd_a, valid_to FROM customer_activity_latest'),
    ).resolves.toEqual([{ idx: '0', scd_a: 0.1, valid_to: null }]);
  });
});

describe('the gate of training', () => {
  const load = async (files = smallFiles) => {
    for (const [name, content] of Object.entries(files)) await app.write(name, content);
    await app.loadClientData({ parameters: { max_row_change: 99 } });
  };
  const check = () => app.steps.checkFeatureStore(contextOf());

  it('wants features that are complete, fresh and known', async () => {
    await database.query('TRUNCATE customer_profiles, customer_activity, labels, feature_store');
    await expect(check()).rejects.toThrow(/feature_store\.complete: 1 customers/);
    await load();
    await expect(check()).rejects.toThrow(/feature_store\.complete: 3 .*\n.*feature_store\.fresh: \d+ files/);
    await app.steps.refreshFeatureStore(contextOf());
    // One was labelled in a gap between two periods, one has no label.
    await expect(check()).rejects.toThrow(
      /scd_a\.not-null: 1 of 3 rows \(idx 1.*\n.*\n.*label\.not-null: 1 of 3 rows \(idx 2/,
    );
    await load({
      ...smallFiles,
      'labels.csv': 'idx,label,labeled_at\n0,1,2020-12-31 23:59:59\n1,0,2021-01-01\n2,0,\n',
    });
    await app.steps.refreshFeatureStore(contextOf());
    await expect(check()).resolves.toMatchObject({ rowsIn: 3 });
    await load();
    await expect(check()).rejects.toThrow('feature_store.fresh');
  });
});

describe('GET /api/v1/customers/:idx/features', () => {
  beforeAll(async () => {
    await seed([{ periods: [{ from: 0, to: null, scd_a: 0.25, scd_b: 4 }], label: 1, at: 1 }]);
    await app.steps.refreshFeatureStore(contextOf());
  });

  it('answers one row', async () => {
    const { status, body } = await user.get('/api/v1/customers/0/features');
    expect([status, body]).toEqual([
      200,
      { idx: 0, attr_a: 1, attr_b: 'a', scd_a: 0.25, scd_b: 4, label: 1, valid_at: hour(1).toISOString() },
    ]);
  });

  it.each([
    ['/1/features', 404, 'customer-not-found'],
    ['/9007199254740991/features', 404, 'customer-not-found'],
    ['/99999999999999999999/features', 422, 'validation-failed'],
    ['/-1/features', 422, 'validation-failed'],
    ['/1e1/features', 422, 'validation-failed'],
    ['/0/features?at=yesterday', 422, 'validation-failed'],
    ['/0/features?when=2020-01-01', 422, 'validation-failed'],
    ['/features/export?format=xlsx', 422, 'validation-failed'],
  ])('refuses %s', async (path, status, code) => {
    const answer = await user.get(`/api/v1/customers${path}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('needs a token', async () => {
    expect((await app.client.get('/api/v1/customers/0/features')).status).toBe(401);
    expect((await app.client.get('/api/v1/customers/features/export')).status).toBe(401);
  });
});

describe('GET /api/v1/customers/features/export', () => {
  /** More than fit in one part. */
  const ROWS = 45_000;
  const fetchExport = (format: string) =>
    fetch(`${app.url}/api/v1/customers/features/export?format=${format}`, {
      headers: { authorization: `Bearer ${user.token}` },
    });

  beforeAll(async () => {
    await database.query('TRUNCATE feature_store');
    await database.query(
      `INSERT INTO feature_store SELECT idx, 1 + idx % 5, chr(97 + (idx % 4)::integer), CASE WHEN idx % 7 = 0 THEN NULL ELSE idx / 1e5 END,
       CASE WHEN idx % 7 = 0 THEN NULL ELSE 1 + idx % 5 END, CASE WHEN idx % 11 = 0 THEN NULL ELSE idx % 2 END, now()
       FROM generate_series(0, $1::bigint - 1) AS idx`,
      [ROWS],
    );
  });
  const expectedRow = (idx: number) => ({
    idx,
    attr_a: 1 + (idx % 5),
    attr_b: 'abcd'[idx % 4],
    scd_a: idx % 7 === 0 ? null : idx / 1e5,
    scd_b: idx % 7 === 0 ? null : 1 + (idx % 5),
    label: idx % 11 === 0 ? null : idx % 2,
  });

  it('writes CSV', async () => {
    const response = await fetchExport('csv');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="features.csv"');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(ROWS + 1);
    expect(lines.slice(0, 3)).toEqual([
      'idx,attr_a,attr_b,scd_a,scd_b,label',
      '0,1,a,,,',
      '1,2,b,0.00001,2,1',
    ]);
    expect(lines.at(-1)).toBe(Object.values(expectedRow(ROWS - 1)).join(','));
  });

  it('writes Parquet that hyparquet and pyarrow read', async () => {
    const file = Buffer.from(await (await fetchExport('parquet')).arrayBuffer());
    const content = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
    const rows = await parquetReadObjects({ file: content as ArrayBuffer });
    expect(rows.map((row) => ({ ...row, idx: Number(row.idx), scd_a: row.scd_a ?? null }))).toEqual(
      Array.from({ length: ROWS }, (_, i) => expectedRow(i)),
    );
    const python = findPython();
    if (!python) return void process.stderr.write('skipped: no Python with pyarrow in ~/.cache/vitrine\n');
    const path = join(app.dir, 'features.parquet');
    await writeFile(path, file);
    const program =
      'import sys, json, pyarrow.parquet as p; t = p.read_table(sys.argv[1]); ' +
      'print(json.dumps([str(t.schema.remove_metadata()), p.ParquetFile(sys.argv[1]).num_row_groups, t.num_rows, t.slice(7, 2).to_pylist()]))';
    const { stdout } = await promisify(execFile)(python, ['-c', program, path]);
    expect(JSON.parse(stdout)).toEqual([
      'idx: int64 not null\nattr_a: int32 not null\nattr_b: string not null\nscd_a: double\nscd_b: int32\nlabel: int32',
      3,
      ROWS,
      [expectedRow(7), expectedRow(8)],
    ]);
  });

  it('gives its connection back when the reader goes away, and takes no more than it can serve', async () => {
    const readers = await Promise.all(Array.from({ length: 4 }, () => fetchExport('csv')));
    const statuses = readers.map(({ status }) => status);
    await Promise.all(readers.map((response) => response.body?.cancel()));
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    for (let i = 0; i < 4; i++) {
      const response = await retry(() => fetchExport('csv'));
      expect((await response.text()).length).toBeGreaterThan(ROWS);
    }
    const busy = await database.query(
      "SELECT FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()",
    );
    expect(busy).toHaveLength(0);
  });
});

/** The first answer that is no 503. */
async function retry(ask: () => Promise<Response>): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const response = await ask();
    if (response.status !== 503 || attempt > 50) return response;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A Python that has pyarrow: MLflow brings it. */
function findPython(): string | null {
  const home = join(homedir(), '.cache', 'vitrine');
  const names = existsSync(home) ? readdirSync(home).filter((name) => /^mlflow-[\d.]+$/.test(name)) : [];
  const pythons = names.map((name) => join(home, name, 'bin', 'python')).filter((path) => existsSync(path));
  return pythons[0] ?? null;
}
