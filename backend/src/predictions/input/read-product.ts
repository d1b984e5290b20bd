import { readPhotoHeader, SQUARE_PHOTO_DEFAULTS } from '@vitrine/inference';
import { AppError, type FieldError } from '../../common/errors/app.error.js';
import { InputEmptyError, toPredictionError } from '../predictions.errors.js';
import { decodeBase64Image } from './base64-image.js';
import {
  hasText,
  pointerTo,
  readProductFields,
  type FieldSource,
  type ProductQuery,
} from './product-query.js';

/** One set of fields and where it came from. */
export interface FieldSet {
  fields: Readonly<Record<string, unknown>>;
  source: FieldSource;
}

/**
 * Makes one validated product of everything that was sent.
 *
 * @param sets a field may occur in one of them only
 * @param uploaded an image that came as a file; else it is looked for as base64 in the fields of JSON
 * @throws AppError `validation-failed` with every fault, `input-empty`, or one of the image's
 */
export async function readProduct(
  sets: readonly FieldSet[],
  uploaded: Uint8Array | null,
  imageMaxBytes: number,
): Promise<ProductQuery> {
  const errors: FieldError[] = [];
  const query: ProductQuery = { designation: null, description: null, image: uploaded, limit: null };
  for (const [i, { fields, source }] of sets.entries()) {
    mergeInto(query, readProductFields(fields, source, errors));
    for (const other of sets.slice(0, i)) findRepeated(other.fields, fields, errors);
    if (source === 'text' && 'image' in fields) {
      errors.push({ pointer: '#/image', detail: 'must be a file of a multipart form, or base64 in JSON' });
    }
  }
  if (errors.length > 0) throw new AppError('validation-failed', { errors });
  const encoded = sets.find(({ source, fields }) => source === 'json' && fields.image != null)?.fields.image;
  if (encoded !== undefined) query.image = decodeBase64Image(encoded, imageMaxBytes);
  if (query.image) await checkPhoto(query.image, imageMaxBytes);
  else if (!hasText(query)) throw new InputEmptyError();
  return query;
}

function mergeInto(query: ProductQuery, part: ProductQuery): void {
  query.designation ??= part.designation;
  query.description ??= part.description;
  query.limit ??= part.limit;
}

function findRepeated(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  errors: FieldError[],
): void {
  for (const name of Object.keys(b)) {
    if (name in a) errors.push({ pointer: pointerTo(name), detail: 'is given twice' });
  }
}

/** Refuses by its header what no model reads, also where the model that answers in the end reads no photo. */
async function checkPhoto(image: Uint8Array, maxBytes: number): Promise<void> {
  try {
    await readPhotoHeader(image, { maxPixels: SQUARE_PHOTO_DEFAULTS.maxPixels, maxBytes });
  } catch (error) {
    throw toPredictionError(error);
  }
}
