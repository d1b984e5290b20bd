import type { Modality, ProductInput } from '@vitrine/inference';
import { ImagePathError, type ImageFolder } from './image-folder.js';
import type { ScoringRecord } from './parse-invocation.js';
import { recordError } from './scoring-error.js';

/** Longest encoded photo in bytes. */
export const MAX_IMAGE_BYTES = 20 * 2 ** 20;

/** Names of the column that holds a photo's path. */
const PATH_COLUMNS = ['image path', 'image_path'];

/**
 * Reads one record as what the model is asked about: `designation` and `description` (text), `image` (base64, also as
 * a data URL) or `image path` / `image_path`. Columns that the model does not read are ignored.
 *
 * @param index place in the request, for messages
 * @param folder where photos may be read from by path; null: nowhere
 * @throws ScoringError naming the record
 */
export async function readRecord(
  record: ScoringRecord,
  index: number,
  { modality, folder }: { modality: Modality; folder: ImageFolder | null },
): Promise<ProductInput> {
  const text = (column: string) => readText(record, column, index);
  const input: ProductInput =
    modality === 'image' ? {} : { designation: text('designation'), description: text('description') };
  if (modality !== 'text') input.image = await readImage(record, index, folder);
  return input;
}

function readText(record: ScoringRecord, column: string, index: number): string | null {
  const value = Object.hasOwn(record, column) ? record[column] : null;
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') throw recordError(index, `${column} must be a string`);
  return value;
}

async function readImage(
  record: ScoringRecord,
  index: number,
  folder: ImageFolder | null,
): Promise<Buffer | null> {
  const encoded = readText(record, 'image', index);
  const paths = PATH_COLUMNS.map((column) => readText(record, column, index)).filter((path) => path !== null);
  const [path] = paths;
  if (encoded !== null && path !== undefined) {
    throw recordError(index, 'has both an image and an image path; one is enough');
  }
  if (encoded !== null) return decodeBase64(encoded, index);
  return path === undefined ? null : readByPath(path, index, folder);
}

async function readByPath(path: string, index: number, folder: ImageFolder | null): Promise<Buffer> {
  if (folder === null) {
    throw recordError(index, 'image paths are not read: start the server with --image-root FOLDER');
  }
  try {
    return await folder.read(path);
  } catch (error) {
    if (error instanceof ImagePathError) throw recordError(index, error.message);
    throw error;
  }
}

function decodeBase64(encoded: string, index: number): Buffer {
  const comma = encoded.startsWith('data:') ? encoded.indexOf(',', 0) + 1 : 0;
  const compact = encoded.slice(comma).replace(/\s+/g, '');
  const bytes = Buffer.from(compact, 'base64');
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0;
  const digits = compact.length - padding;
  // Node skips what is not base64: then fewer bytes come out than the digits hold.
  if (digits === 0 || digits % 4 === 1 || bytes.length !== Math.floor((digits * 3) / 4)) {
    throw recordError(index, 'image must be a photo as base64');
  }
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw recordError(index, `image has ${bytes.length} bytes; at most ${MAX_IMAGE_BYTES} are read`);
  }
  return bytes;
}
