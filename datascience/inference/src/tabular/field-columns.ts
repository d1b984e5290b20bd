import type { ProcessorSpec } from '../package/manifest.js';
import { isStringList, requireConfig } from './config-checks.js';
import type { TabularColumns } from './tabular-columns.js';
import { readCode, readNumber, type TabularRow } from './tabular-row.js';

/** `kind` and `version` of the processor in a model package; it has no files. */
export const FIELD_COLUMNS_KIND = 'field-columns';
export const FIELD_COLUMNS_VERSION = 1;

/** How a code becomes columns. */
export interface CodeField {
  field: string;
  /** The codes known from training, each as `readCode` gives it. */
  values: string[];
  /**
   * `rank`: one column, the position in `values`; −1 for an unknown code, missing where there is none.
   * `one-hot`: a column for each value, 1 in the code's own and 0 elsewhere; all 0 for an unknown or missing code.
   */
  as: 'rank' | 'one-hot';
}

/** The columns: each number as it is (missing as NaN), then the codes. */
export interface FieldColumnsConfig {
  numbers: string[];
  codes: CodeField[];
}

/** Numbers and codes of a row as columns. */
export class FieldColumns implements TabularColumns {
  readonly names: readonly string[];
  private readonly positions: readonly ReadonlyMap<string, number>[];

  constructor(private readonly config: FieldColumnsConfig) {
    this.names = [...config.numbers, ...config.codes.flatMap(codeNames)];
    this.positions = config.codes.map(({ values }) => new Map(values.map((value, i) => [value, i])));
  }

  write(row: TabularRow, out: Float32Array, offset: number): void {
    let next = offset;
    for (const field of this.config.numbers) out[next++] = readNumber(row, field);
    for (const [i, { field, values, as }] of this.config.codes.entries()) {
      const code = readCode(row, field);
      const position = code === null ? NaN : (this.positions[i]?.get(code) ?? -1);
      if (as === 'rank') {
        out[next++] = position;
        continue;
      }
      for (let value = 0; value < values.length; value++) out[next++] = value === position ? 1 : 0;
    }
  }
}

/**
 * Reads the processor from its spec.
 *
 * @throws PackageError `manifest-invalid`
 */
export function readFieldColumns(spec: ProcessorSpec): FieldColumns {
  const { numbers, codes } = spec.config;
  requireConfig(spec, isStringList(numbers), '"numbers" must be a list of field names');
  requireConfig(
    spec,
    Array.isArray(codes) && codes.every(isCodeField),
    '"codes" must be a list of code fields',
  );
  return new FieldColumns({ numbers, codes });
}

function codeNames({ field, values, as }: CodeField): string[] {
  return as === 'rank' ? [field] : values.map((value) => `${field}=${value}`);
}

function isCodeField(value: unknown): value is CodeField {
  const code = value as Partial<CodeField> | null;
  return (
    typeof code?.field === 'string' &&
    isStringList(code.values) &&
    (code.as === 'rank' || code.as === 'one-hot')
  );
}
