import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { PostgresServer } from '../../src/database/postgres-server/postgres-server.js';
import { findPostmaster } from '../../src/database/postgres-server/postmaster.js';
import { NameMatcher } from '../../src/sales/silver/name-matcher.js';
import { vegetables } from '../../src/sales/silver/vegetables.data.js';
import { ApiProcess } from '../fixtures/api-process.js';
import { computeNaively } from '../fixtures/sales/naive-monthly.js';
import { salesStores, type MonthlyRow, type RawRow } from '../fixtures/sales/sales-app.js';

jest.setTimeout(180_000);

const POSTERS = 8;
const names = new NameMatcher(vegetables);
const FIRST_MONDAY = Date.UTC(2020, 0, 6);
const WEEK_MS = 7 * 86_400_000;

interface Post {
  records: RawRow[];
  isAcknowledged: boolean;
}

/** Posts without end until it is told to stop; each list has keys of its own. */
class Load {
  readonly posts: Post[] = [];
  private isStopped = false;
  private readonly posters: Promise<void>[];

  constructor(private readonly url: string) {
    this.posters = Array.from({ length: POSTERS }, () => this.postAll());
  }

  get acknowledged(): Post[] {
    return this.posts.filter(({ isAcknowledged }) => isAcknowledged);
  }

  /** Waits until that many more posts are acknowledged. */
  async waitFor(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    for (const end = Date.now() + 60_000; this.acknowledged.length < goal; await sleep(5)) {
      if (Date.now() > end) throw new Error('Nothing is acknowledged any more');
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.posters);
  }

  private async postAll(): Promise<void> {
    while (!this.isStopped) {
      const post = this.buildPost(this.posts.length);
      this.posts.push(post);
      post.isAcknowledged = await postSales(this.url, post.records);
      if (!post.isAcknowledged) await sleep(50);
    }
  }

  private buildPost(id: number): Post {
    const size = id % 5 === 0 ? 40 : 1;
    const records = Array.from({ length: size }, (_, k) => ({
      year_week: 202001 + ((id + k) % 50),
      vegetable: id % 3 === 0 ? `thing ${id}` : `tomato ${'x'.repeat(12)} ${id}`,
      sales: ((id * 31 + k) % 1000) / 10,
    }));
    return { records, isAcknowledged: false };
  }
}

async function postSales(url: string, records: readonly RawRow[]): Promise<boolean> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(records),
  };
  const response = await fetch(`${url}/post_sales`, request).catch(() => null);
  const body = (await response?.json().catch(() => null)) as { accepted?: number } | null;
  return response?.status === 200 && body?.accepted === records.length;
}

const get = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
const keyOf = ({ year_week, vegetable }: RawRow): string => `${year_week} ${vegetable}`;

/** Everything acknowledged is there; after all posts came once more everything is, once, and gold is right. */
async function expectNothingLost(url: string, load: Load): Promise<void> {
  const stored = new Map((await get<RawRow[]>(`${url}/get_raw_sales`)).map((row) => [keyOf(row), row]));
  const missing = load.acknowledged
    .flatMap(({ records }) => records)
    .filter((row) => !stored.has(keyOf(row)));
  expect(missing).toEqual([]);
  for (const { records } of [...load.posts].reverse()) expect(await postSales(url, records)).toBe(true);
  const rows = await get<RawRow[]>(`${url}/get_raw_sales`);
  const sent = load.posts.flatMap(({ records }) => records);
  const sort = (list: RawRow[]) => [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  expect(sort(rows)).toEqual(sort(sent));
  const monthly = await get<MonthlyRow[]>(`${url}/get_monthly_sales`);
  const expected = computeNaively(
    sent.map(({ year_week, vegetable, sales }) => ({
      monday: new Date(FIRST_MONDAY + (year_week - 202001) * WEEK_MS).toISOString().slice(0, 10),
      name: vegetable,
      sales,
    })),
    (name) => names.match(name).vegetable,
    { removeOutliers: false },
  );
  const round = (list: MonthlyRow[]) => list.map((row) => ({ ...row, sales: Number(row.sales.toFixed(6)) }));
  expect(round(monthly)).toEqual(round(expected));
}

describe('sales when processes are killed', () => {
  let dir: string;
  let server: PostgresServer;
  let url: string;
  let api: ApiProcess | undefined;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-crash-'));
    server = await PostgresServer.open({ dir: join(dir, 'postgres') });
    ({ url } = await server.start());
  });
  afterAll(async () => {
    await server?.destroy();
    await rm(dir, { recursive: true, force: true });
  });
  afterEach(() => api?.kill());

  async function startApi(store: string): Promise<ApiProcess> {
    const client = new Client({ connectionString: url });
    await client.connect();
    const name = `crash_${store}_${Date.now()}`;
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    const database = new URL(url);
    database.pathname = `/${name}`;
    api = await ApiProcess.create({
      DATABASE_URL: database.href,
      SALES_STORE: store,
      SALES_DIR: join(dir, store),
    });
    await api.start();
    return api;
  }

  it.each(salesStores)('loses nothing of %s when the API is killed under load, twice', async (store) => {
    const process = await startApi(store);
    const load = new Load(process.url);
    for (let round = 0; round < 2; round++) {
      await load.waitFor(60);
      await process.kill();
      await process.start();
    }
    await load.waitFor(20);
    await load.stop();
    expect(load.posts.length).toBeGreaterThan(load.acknowledged.length);
    await expectNothingLost(process.url, load);
  });

  it('loses nothing when Postgres is killed under load, twice, and goes on by itself', async () => {
    const process = await startApi('postgres');
    const load = new Load(process.url);
    for (let round = 0; round < 2; round++) {
      await load.waitFor(60);
      await killPostgres(url);
      await sleep(300);
      expect((await server.start()).url).toBe(url);
    }
    await load.waitFor(20);
    await load.stop();
    expect(load.posts.length).toBeGreaterThan(load.acknowledged.length);
    await expectNothingLost(process.url, load);
  });
});

async function killPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  const postmaster = await findPostmaster(rows[0]!.data_directory);
  process.kill(postmaster!.pid, 'SIGKILL');
  await client.end().catch(() => undefined);
}
