import type { FieldError } from '../../common/errors/app.error.js';

/** Most characters (UTF-16 code units) of a text. */
export const DESIGNATION_MAX_LENGTH = 10_000;
export const DESCRIPTION_MAX_LENGTH = 200_000;

/** What is asked of the models: validated, at least one of text and image is there. */
export interface ProductQuery {
  designation: string | null;
  description: string | null;
  /** Encoded photo. */
  image: Uint8Array | null;
  /** How many categories the answer holds at most; null for all. */
  limit: number | null;
}

/** Where fields came from: a form and a query hold text only, JSON has numbers. */
export type FieldSource = 'json' | 'text';

const TEXT_FIELDS = { designation: DESIGNATION_MAX_LENGTH, description: DESCRIPTION_MAX_LENGTH } as const;

/**
 * Reads the fields of one product but its image. Written out and not left to decorators: it is on the path of every
 * prediction.
 *
 * @param fields what was sent; `image` is passed over
 * @param errors every fault found is added
 */
export function readProductFields(
  fields: Readonly<Record<string, unknown>>,
  source: FieldSource,
  errors: FieldError[],
): ProductQuery {
  const query: ProductQuery = { designation: null, description: null, image: null, limit: null };
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (name === 'designation' || name === 'description') query[name] = readText(name, value, errors);
    else if (name === 'limit') query.limit = readLimit(value, source, errors);
    else if (name !== 'image') errors.push({ pointer: pointerTo(name), detail: 'is not a known field' });
  }
  return query;
}

/** Whether there is any text at all; blanks are none. */
export function hasText({
  designation,
  description,
}: Pick<ProductQuery, 'designation' | 'description'>): boolean {
  return isFilled(designation) || isFilled(description);
}

/** JSON pointer of a field, as a URI fragment (RFC 6901 §6). */
export function pointerTo(name: string): string {
  return `#/${encodeURIComponent(name.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'))}`;
}

function readText(name: keyof typeof TEXT_FIELDS, value: unknown, errors: FieldError[]): string | null {
  if (value === null || value === undefined) return null;
  const max = TEXT_FIELDS[name];
  if (typeof value !== 'string') {
    errors.push({ pointer: `#/${name}`, detail: 'must be one text' });
    return null;
  }
  if (value.length > max) {
    errors.push({ pointer: `#/${name}`, detail: `must be at most ${max} characters long` });
    return null;
  }
  return value;
}

function readLimit(value: unknown, source: FieldSource, errors: FieldError[]): number | null {
  if (value === null || value === undefined) return null;
  const number =
    source === 'text' && typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 1) return number;
  errors.push({ pointer: '#/limit', detail: 'must be a whole number of at least 1' });
  return null;
}

function isFilled(text: string | null): boolean {
  return text !== null && /\S/.test(text);
}
