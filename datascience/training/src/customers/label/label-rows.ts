import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { DatasetError } from '../../datasets/dataset-error.js';

/** What the label model reads of a customer. */
export interface LabelFeatureRow {
  attr_a: number;
  attr_b: string;
  scd_a: number;
  scd_b: number;
}

/** Customers whose features and label are all known. */
export interface LabelRows {
  idx: number[];
  features: LabelFeatureRow[];
  /** 0 or 1 of each. */
  labels: Uint8Array;
  /** Rows of the file that lack a value: they teach nothing. */
  incomplete: number;
}

const NUMBERS = ['attr_a', 'scd_a', 'scd_b'] as const;
const COLUMNS = ['idx', 'attr_b', 'label', ...NUMBERS] as const;
type RawRow = Record<(typeof COLUMNS)[number], unknown>;
const PARQUET_MAGIC = 'PAR1';

/**
 * Reads a file of the feature store, CSV or Parquet as its first bytes say.
 *
 * @throws DatasetError where it cannot be read, lacks a column or holds a value that is none
 */
export async function readLabelRows(path: string): Promise<LabelRows> {
  const rows = (await isParquet(path)) ? await readParquet(path) : await readCsv(path);
  const kept: LabelRows = { idx: [], features: [], labels: new Uint8Array(rows.length), incomplete: 0 };
  for (const [i, row] of rows.entries()) addRow(kept, row, `${path}, row ${i + 1}`);
  kept.labels = kept.labels.slice(0, kept.idx.length);
  return kept;
}

async function isParquet(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw new DatasetError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead) === PARQUET_MAGIC;
  } finally {
    await file.close();
  }
}

async function readParquet(path: string): Promise<RawRow[]> {
  try {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
    requireColumns(Object.keys(rows[0] ?? {}), path);
    return rows as RawRow[];
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(`${path} is no Parquet file that can be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function readCsv(path: string): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  try {
    const parser = createReadStream(path).pipe(parse({ columns: true, bom: true, skip_empty_lines: true }));
    for await (const row of parser) {
      if (rows.length === 0) requireColumns(Object.keys(row as RawRow), path);
      rows.push(row as RawRow);
    }
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return rows;
}

function requireColumns(names: readonly string[], path: string): void {
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new DatasetError(`${path} lacks the columns ${missing.join(', ')}`);
}

function addRow(kept: LabelRows, row: RawRow, where: string): void {
  if (COLUMNS.some((name) => row[name] === null || row[name] === undefined || row[name] === '')) {
    kept.incomplete++;
    return;
  }
  const label = toNumber(row.label, 'label', where);
  if (label !== 0 && label !== 1) throw new DatasetError(`${where}: label must be 0 or 1`);
  const [attr_a, scd_a, scd_b] = NUMBERS.map((name) => toNumber(row[name], name, where)) as [
    number,
    number,
    number,
  ];
  kept.labels[kept.idx.length] = label;
  kept.idx.push(toNumber(row.idx, 'idx', where));
  kept.features.push({ attr_a, attr_b: String(row.attr_b), scd_a, scd_b });
}

function toNumber(value: unknown, name: string, where: string): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw new DatasetError(`${where}: ${name} must be a number`);
  return number;
}

/** Identifies rows by what they hold, whatever file they came in. */
export function hashLabelRows({ idx, features, labels }: LabelRows, positions: Iterable<number>): string {
  const hash = createHash('sha256');
  for (const i of positions) {
    const { attr_a, attr_b, scd_a, scd_b } = features[i]!;
    hash.update(`${idx[i]},${attr_a},${attr_b},${scd_a},${scd_b},${labels[i]}\n`);
  }
  return hash.digest('hex');
}
