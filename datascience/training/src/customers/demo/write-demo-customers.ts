import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../cli/progress.js';
import { Random } from '../../common/random.js';
import { fileHolds, PARTIAL_SUFFIX, writeFileAtomically } from '../../datasets/atomic-write.js';
import { DatasetError } from '../../datasets/dataset-error.js';
import { drawCustomer, type DaySpan, type DemoCustomer } from './draw-customer.js';
import { buildLabeler } from './label-signal.js';
import { RowFile } from './row-file.js';
import { writeDemoSales, writeDemoStores } from './write-demo-sales.js';

export interface DemoCustomersOptions {
  outputDir: string;
  customers: number;
  /** Months of sales; activity and labels lie in the same time. */
  months: number;
  /** First of them, `YYYY-MM`. */
  firstMonth: string;
  stores: number;
  salesPerMonth: number;
  seed: number;
  /** How much the labels depend on the features: 0 not at all, 1 mostly. */
  signal: number;
  /** Whether labels tell their time; otherwise they are true at the end of it. */
  labelTimes: boolean;
  /** Replace a demo of other options. */
  overwrite: boolean;
}

/** What was written. */
export interface DemoCustomers {
  customers: number;
  periods: number;
  positives: number;
  sales: number;
}

/** Written first: whose folder this is, and of which options. */
const OWNER_FILE = '.vitrine-demo-customers.json';
const CUSTOMER_FILES = ['customer_profiles.csv', 'customer_activity.csv', 'labels.csv', 'stores.csv'];
const DAY_MS = 86_400_000;

/**
 * Writes a complete set of customer files: profiles, periods of activity, labels, stores and monthly sales. The same
 * options give the same bytes; memory does not grow with their number.
 *
 * @throws DatasetError where the folder holds something else
 */
export async function writeDemoCustomers(
  options: DemoCustomersOptions,
  progress: Progress,
): Promise<DemoCustomers> {
  await openFolder(options);
  const customers = await writeCustomers(options, progress);
  await writeDemoStores(options);
  const sales = await writeDemoSales(options, progress);
  const { positives, periods } = customers;
  progress.info(
    `Demo customers: ${options.customers} customers with ${periods} periods of activity, ${positives} labels of 1; ` +
      `${sales} sales of ${options.stores} stores in ${options.months} months`,
  );
  return { customers: options.customers, periods, positives, sales };
}

async function openFolder({ outputDir, overwrite, ...options }: DemoCustomersOptions): Promise<void> {
  const owner = JSON.stringify(options);
  const ownerPath = join(outputDir, OWNER_FILE);
  const names = await listNames(outputDir);
  if (names.length > 0 && !(await fileHolds(ownerPath, owner))) {
    if (!names.includes(OWNER_FILE)) {
      throw new DatasetError(`${outputDir} is not empty and no demo of customers: choose another folder`);
    }
    if (!overwrite) {
      throw new DatasetError(`${outputDir} holds a demo of other options: pass --overwrite to replace it`);
    }
    await removeDemo(outputDir);
  }
  await mkdir(outputDir, { recursive: true });
  await writeFileAtomically(ownerPath, owner);
}

async function listNames(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => !name.endsWith(PARTIAL_SUFFIX));
}

/** Deletes what such a demo consists of and nothing else. */
async function removeDemo(dir: string): Promise<void> {
  for (const name of CUSTOMER_FILES) await rm(join(dir, name), { force: true });
  const salesDir = join(dir, 'sales');
  for (const name of await listNames(salesDir)) {
    if (/^\d{4}-\d{2}-01$/.test(name)) await rm(join(salesDir, name, 'sales.csv'), { force: true });
  }
}

async function writeCustomers(
  options: DemoCustomersOptions,
  progress: Progress,
): Promise<{ periods: number; positives: number }> {
  const { outputDir, customers, seed, signal, labelTimes } = options;
  const span = daysOf(options);
  const sample = new Random(seed ^ 0x51);
  const labelOf = buildLabeler(signal, () => drawCustomer(sample, span).features);
  const profiles = new RowFile(join(outputDir, 'customer_profiles.csv'), 'idx,attr_a,attr_b,attr_c');
  const activity = new RowFile(
    join(outputDir, 'customer_activity.csv'),
    'idx,valid_from,valid_to,scd_a,scd_b',
  );
  const labels = new RowFile(
    join(outputDir, 'labels.csv'),
    labelTimes ? 'idx,label,labeled_at' : 'idx,label',
  );
  const files = [profiles, activity, labels];
  const random = new Random(seed);
  const task = progress.task('Customers', customers);
  const counts = { periods: 0, positives: 0 };
  try {
    for (let idx = 0; idx < customers; idx++) {
      const customer = atLabel(drawCustomer(random, span), labelTimes);
      const label = labelOf(customer.features, random);
      const { attr_a, attr_b, attr_c, periods, labeledAt } = customer;
      await profiles.write(`${idx},${attr_a},${attr_b},${attr_c}`);
      for (const { from, to, scd_a, scd_b } of periods) {
        const until = to === null ? '' : formatDay(to);
        await activity.write(`${idx},${formatDay(from)},${until},${scd_a},${scd_b}`);
      }
      await labels.write(labelTimes ? `${idx},${label},${formatDay(labeledAt)}` : `${idx},${label}`);
      counts.periods += periods.length;
      counts.positives += label;
      task.advance();
    }
    for (const file of files) await file.close();
  } catch (error) {
    for (const file of files) await file.discard();
    throw error;
  } finally {
    task.finish();
  }
  return counts;
}

/** Without a time of its own, a label tells of the newest period. */
function atLabel(customer: DemoCustomer, labelTimes: boolean): DemoCustomer {
  if (labelTimes) return customer;
  const { scd_a, scd_b } = customer.periods.at(-1)!;
  return { ...customer, features: { ...customer.features, scd_a, scd_b } };
}

function daysOf({ firstMonth, months }: DemoCustomersOptions): DaySpan {
  const [year, month] = firstMonth.split('-').map(Number) as [number, number];
  const day = (offset: number): number => Date.UTC(year, month - 1 + offset, 1) / DAY_MS;
  return { from: day(0), to: day(months) };
}

/** `YYYY-MM-DD`, once for each day. */
const formatDay = (() => {
  const known = new Map<number, string>();
  return (day: number): string => {
    let text = known.get(day);
    if (text === undefined) known.set(day, (text = new Date(day * DAY_MS).toISOString().slice(0, 10)));
    return text;
  };
})();
