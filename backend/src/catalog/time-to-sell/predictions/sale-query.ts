import type { TabularRow } from '@vitrine/inference';
import { AppError, type FieldError } from '../../../common/errors/app.error.js';
import { productColumns, productFields, type ProductField } from '../../products/product-fields.js';

/** A question: how fast will this product be sold? */
export interface SaleQuery {
  /** Whose answer it is: experiments assign by it, outcomes refer to it. */
  productId: number | null;
  /** Raw fields to answer from; null where the catalogue has them. */
  row: TabularRow | null;
}

/** A number in words is never longer, and codes are cut by the model anyway. */
const MAX_SHORT_TEXT = 2_000;
/** What a row of the catalogue has besides the model's fields: it may be sent as it is. */
const IDENTITY_FIELDS = ['product_id', 'id'] as const;
const OUTCOME_FIELD = 'delai_vente';
const inputFields = productColumns.filter((name) => name !== 'id' && name !== OUTCOME_FIELD);

/**
 * Reads a question: `{product_id}` for a product of the catalogue, or its fields, with or without an id. Values are
 * any numbers, texts or nulls: what `"nan"`, `""` and numbers in texts mean is the model's to say.
 *
 * @throws AppError `validation-failed` with a pointer to each member that cannot be read
 */
export function readSaleQuery(body: unknown): SaleQuery {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid([{ pointer: '#', detail: 'must be an object' }]);
  }
  const members = body as Record<string, unknown>;
  const errors = Object.keys(members).flatMap((name) => describeMember(name, members[name]));
  if (errors.length > 0) throw invalid(errors);
  const productId = readProductId(members);
  const row = Object.fromEntries(
    inputFields.filter((name) => Object.hasOwn(members, name)).map((name) => [name, members[name]]),
  );
  if (Object.keys(row).length > 0) return { productId, row };
  if (productId !== null) return { productId, row: null };
  throw invalid([{ pointer: '#', detail: `must have product_id, or one of ${inputFields.join(', ')}` }]);
}

function describeMember(name: string, value: unknown): FieldError[] {
  const detail = findFault(name, value);
  const pointer = `#/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1').toWellFormed())}`;
  return detail === null ? [] : [{ pointer, detail }];
}

function findFault(name: string, value: unknown): string | null {
  if ((IDENTITY_FIELDS as readonly string[]).includes(name)) {
    return value === null || isProductId(value)
      ? null
      : `must be a whole number between 0 and ${productFields.id.max}`;
  }
  if (name === OUTCOME_FIELD) return null;
  const column = inputFields.find((field) => field === name);
  if (column === undefined) return `is no field; the fields are ${inputFields.join(', ')}`;
  if (value === null || typeof value === 'number') return null;
  if (typeof value !== 'string') return 'must be a number, a text or null';
  const field: ProductField = productFields[column];
  const maxLength = field.kind === 'text' ? Math.max(field.maxLength, MAX_SHORT_TEXT) : MAX_SHORT_TEXT;
  return value.length > maxLength ? `must have at most ${maxLength} characters` : null;
}

function readProductId(members: Record<string, unknown>): number | null {
  const [given] = IDENTITY_FIELDS.map((name) => members[name]).filter((value) => value != null);
  return (given as number | undefined) ?? null;
}

function isProductId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const invalid = (errors: readonly FieldError[]): AppError => new AppError('validation-failed', { errors });
