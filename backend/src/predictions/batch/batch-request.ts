import { AppError } from '../../common/errors/app.error.js';

/** Newline-delimited JSON. */
export const NDJSON_MEDIA_TYPE = 'application/x-ndjson';

/** Reads one item; throws what is wrong with that item alone. */
export type ReadItem = () => unknown;

/** A batch as it came. */
export interface BatchRequest {
  items: readonly ReadItem[];
  /** Whether it came, and is to be answered, as newline-delimited JSON. */
  isNdjson: boolean;
}

/**
 * Takes a batch apart without reading its items.
 *
 * @param body a parsed JSON array, or the bytes of newline-delimited JSON; blank lines are passed over
 * @throws AppError `batch-empty`, `batch-too-large`, `validation-failed`
 */
export function readBatchRequest(body: unknown, maxItems: number): BatchRequest {
  const isNdjson = Buffer.isBuffer(body);
  const items = isNdjson ? splitLines(body) : readArray(body);
  if (items.length === 0) throw new AppError('batch-empty');
  if (items.length > maxItems) {
    throw new AppError('batch-too-large', {
      detail: `The batch has ${items.length} items; at most ${maxItems} are answered`,
    });
  }
  return { items, isNdjson };
}

function readArray(body: unknown): ReadItem[] {
  if (Array.isArray(body)) return body.map((item: unknown) => () => item);
  throw new AppError('validation-failed', {
    errors: [{ pointer: '#', detail: 'the body must be an array' }],
  });
}

function splitLines(body: Buffer): ReadItem[] {
  const items: ReadItem[] = [];
  for (let start = 0; start < body.length;) {
    const newline = body.indexOf(0x0a, start);
    const end = newline === -1 ? body.length : newline;
    const line = body.subarray(start, end);
    if (!isBlank(line)) items.push(() => parseLine(line));
    start = end + 1;
  }
  return items;
}

function parseLine(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch (cause) {
    throw new AppError('invalid-json', { cause });
  }
}

/** Space, tab and carriage return: the white space of JSON that a line may hold. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
