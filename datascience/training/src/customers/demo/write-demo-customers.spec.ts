import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { silentProgress } from '../../cli/progress.js';
import { DatasetError } from '../../datasets/dataset-error.js';
import { writeDemoCustomers, type DemoCustomersOptions } from './write-demo-customers.js';

let dir: string;
const options: DemoCustomersOptions = {
  outputDir: '',
  customers: 4_000,
  months: 3,
  firstMonth: '2019-12',
  stores: 12,
  salesPerMonth: 200,
  seed: 42,
  signal: 0,
  labelTimes: true,
  overwrite: false,
};
const write = (name: string, more: Partial<DemoCustomersOptions> = {}) =>
  writeDemoCustomers({ ...options, outputDir: join(dir, name), ...more }, silentProgress);
const rows = async (name: string, file: string) =>
  parse(await readFile(join(dir, name, file)), { columns: true }) as unknown as Record<string, string>[];

async function digest(name: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await readdir(join(dir, name), { recursive: true })).sort()) {
    const path = join(dir, name, file);
    if ((await stat(path)).isFile()) hash.update(file).update(await readFile(path));
  }
  return hash.digest('hex');
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vitrine-customers-'));
  await write('one');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('writeDemoCustomers', () => {
  it('gives the same bytes for the same seed, others for another, and the same again over itself', async () => {
    await write('two');
    await write('other', { seed: 43 });
    const before = await digest('one');
    expect(await digest('two')).toBe(before);
    expect(await digest('other')).not.toBe(before);
    await write('one');
    expect(await digest('one')).toBe(before);
  });

  it('gives customers one or two periods that join, the newest open, and a label within them', async () => {
    const periods = new Map<string, Record<string, string>[]>();
    for (const row of await rows('one', 'customer_activity.csv')) {
      periods.set(row.idx!, [...(periods.get(row.idx!) ?? []), row]);
    }
    const labels = await rows('one', 'labels.csv');
    expect(periods.size).toBe(options.customers);
    for (const { idx, labeled_at } of labels) {
      const own = periods.get(idx!)!;
      expect(own.length === 1 || (own.length === 2 && own[0]!.valid_to === own[1]!.valid_from)).toBe(true);
      expect(own.at(-1)!.valid_to).toBe('');
      expect(own.length === 1 || own[0]!.valid_from! < own[0]!.valid_to!).toBe(true);
      expect(labeled_at! >= own[0]!.valid_from! && labeled_at! < '2020-03-01').toBe(true);
      for (const { scd_a, scd_b } of own) {
        expect(Number(scd_a)).toBeLessThanOrEqual(1);
        expect(['1', '2', '3', '4', '5']).toContain(scd_b);
      }
    }
    const shareOfOnes = labels.filter(({ label }) => label === '1').length / labels.length;
    expect(shareOfOnes).toBeGreaterThan(0.07);
    expect(shareOfOnes).toBeLessThan(0.115);
  });

  it('writes profiles, stores and a folder of sales a month, each sale once and within its month', async () => {
    const profiles = await rows('one', 'customer_profiles.csv');
    expect(profiles.map(({ idx }) => idx)).toEqual(
      Array.from({ length: options.customers }, (_, i) => String(i)),
    );
    expect(new Set(profiles.map(({ attr_b }) => attr_b))).toEqual(new Set(['a', 'b', 'c', 'd']));
    expect(await rows('one', 'stores.csv')).toHaveLength(12);
    expect(await readdir(join(dir, 'one', 'sales'))).toEqual(['2019-12-01', '2020-01-01', '2020-02-01']);
    const sales = await rows('one', 'sales/2020-02-01/sales.csv');
    for (const { date, value, store_idx } of sales) {
      expect(date).toMatch(/^2020-02-[012]\d$/);
      expect(Number(value)).toBeLessThanOrEqual(10);
      expect(Number(store_idx)).toBeLessThanOrEqual(12);
    }
    expect(new Set(sales.map(({ idx }) => idx)).size).toBe(sales.length);
  });

  it('leaves out the labels’ times where told to', async () => {
    await write('plain', { labelTimes: false });
    expect(Object.keys((await rows('plain', 'labels.csv'))[0]!)).toEqual(['idx', 'label']);
  });

  it('touches no folder that is not its own, and one of other options only when told to', async () => {
    await expect(write('one', { seed: 1 })).rejects.toThrow(/pass --overwrite/);
    await write('other', { seed: 1, months: 1, overwrite: true });
    await expect(stat(join(dir, 'other', 'sales', '2020-01-01', 'sales.csv'))).rejects.toThrow('ENOENT');
    await writeFile(join(dir, 'foreign.txt'), '');
    await expect(write('.')).rejects.toThrow(DatasetError);
  });
});
