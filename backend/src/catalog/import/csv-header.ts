import { parse } from 'csv-parse/sync';
import type { Product } from '../products/entities/product.entity.js';
import { productColumns } from '../products/product-fields.js';
import { decodeField } from './csv-text.js';
import { ImportUnreadableError } from './import.errors.js';
import type { UploadFile } from './upload-file.js';

/** A header is looked for in this many bytes. */
const HEADER_MAX_BYTES = 64 * 1024;
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const DELIMITERS = [',', ';', '\t'] as const;
/** Products that are not sold yet need no column for how long it took. */
const optionalColumns: readonly (keyof Product)[] = ['delai_vente'];

/** How a file is laid out. */
export interface CsvLayout {
  delimiter: string;
  /** The column of the catalogue that each field fills; null for one that the catalogue does not have. */
  columns: readonly (keyof Product | null)[];
  /** Names of the fields that are not read. */
  ignoredColumns: string[];
  /** Where the records begin, in bytes. */
  start: number;
}

/**
 * Reads the first line: the columns may stand in any order, with a byte-order mark before them.
 *
 * @throws ImportUnreadableError where the file is empty, is no text or lacks columns
 */
export async function readLayout(file: UploadFile): Promise<CsvLayout> {
  const bytes = await file.read(0, HEADER_MAX_BYTES);
  if (bytes.length === 0) throw new ImportUnreadableError('The file is empty');
  if (/^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2))) {
    throw new ImportUnreadableError('The file is in UTF-16: save it as UTF-8');
  }
  const begin = bytes.subarray(0, 3).equals(UTF8_BOM) ? UTF8_BOM.length : 0;
  const newline = bytes.indexOf(0x0a);
  const end = newline === -1 ? bytes.length : newline;
  const line = bytes.toString('latin1', begin, end).replace(/\r$/, '');
  if (line.includes('\0')) throw new ImportUnreadableError('The file is no text');
  const { delimiter, names } = splitHeader(line);
  requireColumns(names);
  const columns = names.map((name) => productColumns.find((column) => column === name) ?? null);
  return {
    delimiter,
    columns,
    ignoredColumns: names.filter((_name, i) => columns[i] === null),
    start: newline === -1 ? end : newline + 1,
  };
}

/** The delimiter by which most columns are found. */
function splitHeader(line: string): { delimiter: string; names: string[] } {
  const candidates = DELIMITERS.map((delimiter) => ({ delimiter, names: splitLine(line, delimiter) }));
  const score = (names: readonly string[]) =>
    productColumns.filter((column) => names.includes(column)).length;
  return candidates.sort((a, b) => score(b.names) - score(a.names))[0]!;
}

function splitLine(line: string, delimiter: string): string[] {
  const [fields = []] = parse(line, { delimiter, relax_quotes: true, relax_column_count: true, to: 1 });
  return (fields as string[]).map((field) => decodeField(field).text.trim().toLowerCase());
}

function requireColumns(names: readonly string[]): void {
  const missing = productColumns.filter((name) => !names.includes(name) && !optionalColumns.includes(name));
  if (missing.length > 0) {
    throw new ImportUnreadableError(`The first line must name the columns; it lacks ${missing.join(', ')}`);
  }
  const twice = productColumns.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice.length > 0) throw new ImportUnreadableError(`The first line names ${twice.join(', ')} twice`);
}
