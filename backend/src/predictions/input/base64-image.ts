import { AppError } from '../../common/errors/app.error.js';
import { ImageTooLargeError } from '../predictions.errors.js';

/** `data:<media type>[;parameters];base64,` (RFC 2397). */
const DATA_URL = /^data:[^,]{0,200};base64,/i;
/** RFC 4648 §4, with the line breaks of RFC 2045 allowed between. */
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

/**
 * Decodes a photo that came as base64, with or without a data URL's prefix.
 *
 * @throws AppError `validation-failed` where it is not base64, `image-too-large` before it is decoded
 */
export function decodeBase64Image(value: unknown, maxBytes: number): Uint8Array {
  if (typeof value !== 'string') throw invalidImageField('must be a text of base64');
  const prefix = DATA_URL.exec(value)?.[0].length ?? 0;
  // Three bytes are four characters; line breaks may take some more.
  if (value.length - prefix > (maxBytes / 3) * 4 * 1.05 + 4) throw new ImageTooLargeError(maxBytes);
  const text = prefix === 0 ? value : value.slice(prefix);
  if (!BASE64.test(text)) throw invalidImageField('must be base64');
  const digits = text.replace(/[\s=]+/g, '');
  if (digits.length % 4 === 1) throw invalidImageField('must be complete base64');
  const bytes = Buffer.from(digits, 'base64');
  if (bytes.length > maxBytes) throw new ImageTooLargeError(maxBytes);
  return bytes;
}

function invalidImageField(detail: string): AppError {
  return new AppError('validation-failed', { errors: [{ pointer: '#/image', detail }] });
}
