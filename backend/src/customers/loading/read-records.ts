import { Transform, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { SourceFileError } from './loading.errors.js';
import type { RecordEncoder } from './record-encoder.js';

/** No line of these files comes near it: what does is no CSV. */
const MAX_RECORD_BYTES = 64 * 1024;
/** Lines are written in parts of about this size. */
const PART_CHARACTERS = 64 * 1024;
const GZIP_MAGIC = [0x1f, 0x8b];

/** Codes of zlib's errors. */
const TRUNCATED_GZIP = 'Z_BUF_ERROR';

/**
 * Reads a CSV file, packed with gzip or not, checks the form of each record and writes them encoded. At no time is
 * more than a part of the file in memory.
 *
 * @param openTarget called when the source has begun to answer: a COPY that is begun must be ended
 * @returns how many records there were
 * @throws SourceFileError with the line; what the target throws; AbortError
 */
export async function copyRecords(
  content: Readable,
  {
    file,
    encoder,
    openTarget,
    signal,
  }: { file: string; encoder: RecordEncoder; openTarget: () => Writable; signal: AbortSignal },
): Promise<number> {
  let rows = 0;
  let lines = 0;
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
    on_record: (record: string[], context) => {
      lines = context.lines;
      if (!encoder.hasHeader) {
        encoder.readHeader(record);
        return null;
      }
      rows += 1;
      // The parser's type wants an array.
      return [encoder.encode(record, lines)];
    },
  });
  try {
    const unpacking = await unpack(content);
    await pipeline([content, ...unpacking, parser, joinLines(), openTarget()], { signal });
  } catch (error) {
    throw toSourceError(error, file, lines);
  }
  if (!encoder.hasHeader) throw new SourceFileError('columns', { file, line: 1 }, 'the file is empty');
  return rows;
}

/** The way from what is stored to what is written in it: gzip is known by its first bytes, whatever the name. */
async function unpack(content: Readable): Promise<Transform[]> {
  const head = await readHead(content);
  return GZIP_MAGIC.every((byte, i) => head[i] === byte) ? [createGunzip()] : [];
}

/** The first bytes of a stream, which stay in it. */
async function readHead(content: Readable): Promise<Buffer> {
  for (;;) {
    const chunk = content.read() as Buffer | null;
    if (chunk !== null) {
      content.unshift(chunk);
      return chunk;
    }
    if (content.readableEnded || content.destroyed) break;
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error): void => {
        for (const event of ['readable', 'end', 'close'] as const) content.off(event, onEvent);
        content.off('error', done);
        if (error) reject(error);
        else resolve();
      };
      const onEvent = (): void => done();
      content.once('readable', onEvent).once('end', onEvent).once('close', onEvent).once('error', done);
    });
  }
  return Buffer.alloc(0);
}

/** Encoded lines in parts: a write each would cost more than everything else here. */
function joinLines(): Transform {
  let part = '';
  return new Transform({
    writableObjectMode: true,
    transform([line]: [string], _encoding, done) {
      part += line;
      if (part.length < PART_CHARACTERS) return done();
      done(null, part);
      part = '';
    },
    flush(done) {
      done(null, part);
    },
  });
}

function toSourceError(error: unknown, file: string, lines: number): unknown {
  if (error instanceof SourceFileError) return error;
  const place = { file, line: lines + 1 };
  if (error instanceof CsvError) {
    return new SourceFileError('malformed', place, describeCsvError(error), { cause: error });
  }
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (code === TRUNCATED_GZIP) {
    return new SourceFileError('truncated', place, 'the packed file ends too early', { cause: error });
  }
  if (code.startsWith('Z_')) {
    return new SourceFileError('corrupt', place, 'the packed file is damaged', { cause: error });
  }
  return error;
}

function describeCsvError({ code }: CsvError): string {
  switch (code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
      return 'the number of fields is not the header’s';
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is never closed';
    case 'CSV_MAX_RECORD_SIZE':
      return 'the line is too long to be one';
    default:
      return `this is no CSV (${code})`;
  }
}
