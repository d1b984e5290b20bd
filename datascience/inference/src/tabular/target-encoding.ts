import { readFile } from 'node:fs/promises';
import type { ProcessorSpec } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import type { TabularManifest } from '../package/manifest.js';
import { PackageError } from '../package/package-error.js';
import { roleFile } from '../text/packed-file.js';
import { isNumberList, isStringList, requireConfig } from './config-checks.js';
import type { TabularColumns } from './tabular-columns.js';
import { readCode, type TabularRow } from './tabular-row.js';

/** `kind` and `version` of the processor in a model package; its file has the role `tables`. */
export const TARGET_ENCODING_KIND = 'target-encoding';
export const TARGET_ENCODING_VERSION = 1;

/** Settings of the processor. */
export interface TargetEncodingConfig {
  /** The fields of each key; several are taken together. */
  keys: string[][];
  /** Shares of the classes over all rows. */
  prior: number[];
  /** Rows of the prior that are added to each key's own: m-estimate (Micci-Barreca 2001). */
  smoothing: number;
}

/** Rows of each class by key value: a table for each key. */
export type TargetTables = readonly ReadonlyMap<string, readonly number[]>[];

/** One spelling of a row's values of several fields; a missing value has a spelling too. */
export function encodingKey(row: TabularRow, fields: readonly string[]): string {
  return fields.map((field) => readCode(row, field) ?? '').join('\u0000');
}

/** Smoothed shares of the classes among the training rows of the same key, and how many rows those are. */
export class TargetEncoding implements TabularColumns {
  readonly names: readonly string[];

  constructor(
    private readonly config: TargetEncodingConfig,
    private readonly tables: TargetTables,
  ) {
    this.names = targetNames(config);
  }

  write(row: TabularRow, out: Float32Array, offset: number): void {
    const { keys, prior } = this.config;
    for (const [i, fields] of keys.entries()) {
      const counts = this.tables[i]?.get(encodingKey(row, fields)) ?? [];
      writeTargetShares(this.config, counts, out, offset + i * prior.length);
    }
  }
}

/** Names of the columns. */
export function targetNames({ keys, prior }: Pick<TargetEncodingConfig, 'keys' | 'prior'>): string[] {
  return keys.flatMap((fields) => {
    const name = fields.join('×');
    return [...prior.slice(1).map((_, k) => `share of ${k + 1} by ${name}`), `rows by ${name}`];
  });
}

/**
 * Writes one key's columns: the smoothed share of each class but the first, then the rows.
 *
 * @param counts rows of each class; empty for an unknown key
 */
export function writeTargetShares(
  { prior, smoothing }: Pick<TargetEncodingConfig, 'prior' | 'smoothing'>,
  counts: readonly number[],
  out: Float32Array,
  offset: number,
): void {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  for (let k = 1; k < prior.length; k++) {
    out[offset + k - 1] = ((counts[k] ?? 0) + smoothing * (prior[k] as number)) / (rows + smoothing);
  }
  out[offset + prior.length - 1] = rows;
}

/**
 * Reads the processor of a package.
 *
 * @throws PackageError `manifest-invalid`, `file-missing` or `file-invalid`
 */
export async function loadTargetEncoding(
  pkg: ModelPackage<TabularManifest>,
  spec: ProcessorSpec,
): Promise<TargetEncoding> {
  const { keys, prior, smoothing } = spec.config;
  const classes = pkg.manifest.categories.length;
  requireConfig(spec, Array.isArray(keys) && keys.every(isStringList), '"keys" must be lists of field names');
  requireConfig(spec, isNumberList(prior, classes), `"prior" must be ${classes} numbers`);
  requireConfig(
    spec,
    typeof smoothing === 'number' && smoothing > 0,
    '"smoothing" must be a positive number',
  );
  const file = roleFile(spec, 'tables');
  const text = await readFile(pkg.path(file), 'utf8').catch((cause: unknown) => {
    throw new PackageError('file-missing', `${file} of the package cannot be read`, { cause });
  });
  return new TargetEncoding({ keys, prior, smoothing }, parseTables(text, file, keys.length, classes));
}

/** The file's content: a list of `[key, counts]` for each key. */
export function formatTargetTables(tables: TargetTables): string {
  return JSON.stringify(tables.map((table) => [...table]));
}

function parseTables(text: string, file: string, keys: number, classes: number): TargetTables {
  try {
    const tables = (JSON.parse(text) as [string, number[]][][]).map((entries) => new Map(entries));
    const isWhole = tables.every((table) =>
      [...table.values()].every((counts) => isNumberList(counts, classes)),
    );
    if (tables.length !== keys || !isWhole) throw new TypeError('not the tables of these keys');
    return tables;
  } catch (cause) {
    throw new PackageError('file-invalid', `${file} of the package cannot be used`, { cause });
  }
}
