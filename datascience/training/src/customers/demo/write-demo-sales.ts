import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Progress } from '../../cli/progress.js';
import { Random } from '../../common/random.js';
import { pickWeighted } from './draw-customer.js';
import { RowFile } from './row-file.js';
import type { DemoCustomersOptions } from './write-demo-customers.js';

const LOCATIONS = [
  'New York',
  'Lisbon',
  'London',
  'Berlin',
  'Paris',
  'Madrid',
  'Rome',
  'Vienna',
  'Prague',
  'Dublin',
];
/** The first store sells most. */
const FIRST_STORE_WEIGHT = 4;
/** Months differ by up to this share from the average. */
const SEASON = 0.1;
const MAX_VALUE_TENTHS = 100;

type SalesOptions = Pick<
  DemoCustomersOptions,
  'outputDir' | 'months' | 'firstMonth' | 'stores' | 'salesPerMonth' | 'seed'
>;

/** Writes `stores.csv`. */
export async function writeDemoStores({ outputDir, stores }: SalesOptions): Promise<void> {
  const file = new RowFile(join(outputDir, 'stores.csv'), 'idx,location');
  for (let store = 1; store <= stores; store++) {
    await file.write(`${store},${LOCATIONS[store - 1] ?? `Town ${store}`}`);
  }
  await file.close();
}

/**
 * Writes `sales/YYYY-MM-01/sales.csv` for each month.
 *
 * @returns the number of sales
 */
export async function writeDemoSales(options: SalesOptions, progress: Progress): Promise<number> {
  const { outputDir, months, stores, salesPerMonth, seed } = options;
  const weights = Array.from({ length: stores }, (_, i) => (i === 0 ? FIRST_STORE_WEIGHT : 1 + (i % 3) / 2));
  const [year, month] = options.firstMonth.split('-').map(Number) as [number, number];
  const task = progress.task('Months of sales', months);
  let idx = 0;
  for (let i = 0; i < months; i++) {
    // A month is drawn for itself: more months leave the first ones as they are.
    const random = new Random(seed + 0x5a1e5 * (i + 1));
    const first = new Date(Date.UTC(year, month - 1 + i, 1));
    const days = new Date(Date.UTC(year, month + i, 0)).getUTCDate();
    const key = first.toISOString().slice(0, 7);
    const path = join(outputDir, 'sales', `${key}-01`, 'sales.csv');
    await mkdir(dirname(path), { recursive: true });
    const file = new RowFile(path, 'idx,value,date,store_idx');
    const count = Math.round(salesPerMonth * (1 + SEASON * (2 * random.next() - 1)));
    for (let n = 0; n < count; n++) {
      const value = (random.integer(MAX_VALUE_TENTHS + 1) / 10).toFixed(1);
      const day = String(1 + random.integer(days)).padStart(2, '0');
      await file.write(`${idx++},${value},${key}-${day},${1 + pickWeighted(weights, random)}`);
    }
    await file.close();
    task.advance();
  }
  task.finish();
  return idx;
}
