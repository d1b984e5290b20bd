import type { Product } from '../products/entities/product.entity.js';
import { productColumns, productFields, type ProductField } from '../products/product-fields.js';
import { decodeField } from './csv-text.js';

/** Thrown where a row is no product. */
export class InvalidRowError extends Error {
  constructor(
    readonly field: keyof Product,
    readonly reason: string,
  ) {
    super(`${field} ${reason}`);
    this.name = 'InvalidRowError';
  }
}

/** A row as a product, and whether a text of it had to be read as Windows-1252. */
export interface ReadRow {
  product: Product;
  isWindows1252: boolean;
}

/** What programs write where a number is missing. */
const MISSING_NUMBER = /^(nan|null|none|na|n\/a)?$/i;
/** The decimal sign may be a comma, as in files with semicolons. */
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/**
 * Makes a product of the fields of a record.
 *
 * @param fields one character a byte
 * @param columns which column each of them fills
 * @throws InvalidRowError for the first field that cannot be stored
 */
export function readProduct(fields: readonly string[], columns: readonly (keyof Product | null)[]): ReadRow {
  const product = Object.fromEntries(productColumns.map((name) => [name, null])) as unknown as Product;
  let isWindows1252 = false;
  for (const [i, name] of columns.entries()) {
    if (name === null) continue;
    const decoded = decodeField(fields[i]!);
    isWindows1252 ||= decoded.isWindows1252;
    Object.assign(product, { [name]: readValue(name, decoded.text) });
  }
  if (product.id === null) throw new InvalidRowError('id', 'is missing');
  return { product, isWindows1252 };
}

function readValue(name: keyof Product, text: string): string | number | null {
  const field: ProductField = productFields[name];
  return field.kind === 'text' ? readText(name, text, field.maxLength) : readNumber(name, text, field);
}

function readText(name: keyof Product, text: string, maxLength: number): string | null {
  if (text === '') return null;
  if (text.length > maxLength) throw new InvalidRowError(name, `is longer than ${maxLength} characters`);
  if (text.includes('\0')) throw new InvalidRowError(name, 'holds a NUL character');
  return text;
}

function readNumber(
  name: keyof Product,
  text: string,
  { kind, min, max }: { kind: 'integer' | 'number'; min: number; max: number },
): number | null {
  const trimmed = text.trim();
  if (MISSING_NUMBER.test(trimmed)) return null;
  if (!NUMBER.test(trimmed)) throw new InvalidRowError(name, 'is no number');
  const value = Number(trimmed.replace(',', '.'));
  if (kind === 'integer' && !Number.isInteger(value)) throw new InvalidRowError(name, 'is no whole number');
  if (!(value >= min && value <= max)) throw new InvalidRowError(name, `is not between ${min} and ${max}`);
  return value;
}
