import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../common/errors/app.error.js';
import { uuidV7 } from '../../common/store/uuid-v7.js';
import { ImportUnreadableError } from './import.errors.js';

const PART_BYTES = 64 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * A file that was uploaded, inflated where it was compressed. It is on disk and has no name: it vanishes when it is
 * closed or the process ends, in whichever way.
 */
export class UploadFile {
  private constructor(
    private readonly handle: FileHandle,
    /** Bytes, inflated. */
    readonly size: number,
  ) {}

  /**
   * Takes an upload in, whole: one that breaks off leaves nothing.
   *
   * @param maxBytes the most bytes it may have once it is inflated
   * @throws AppError `payload-too-large`, `import-unreadable`, `bad-request` where it broke off
   */
  static async receive(upload: Readable, maxBytes: number): Promise<UploadFile> {
    const handle = await openNameless();
    try {
      const size = await store(upload, handle, maxBytes);
      return new UploadFile(handle, size);
    } catch (error) {
      await handle.close();
      // What else comes is passed over: the sender may be reading no answer before it has sent everything.
      setImmediate(() => upload.resume());
      throw toUploadError(error);
    }
  }

  /** Streams the bytes from an offset to the end. */
  stream(start: number): Readable {
    return Readable.from(this.readParts(start), { objectMode: false });
  }

  /** Up to `length` bytes from an offset. */
  async read(start: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Node's own streams of a file close it when they are done. */
  private async *readParts(start: number): AsyncGenerator<Buffer> {
    for (let at = start; at < this.size; at += PART_BYTES) yield await this.read(at, PART_BYTES);
  }
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `vitrine-import-${uuidV7()}`);
  const handle = await open(path, 'wx+', 0o600);
  await unlink(path);
  return handle;
}

async function store(upload: Readable, handle: FileHandle, maxBytes: number): Promise<number> {
  let size = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length;
      next(size > maxBytes ? new AppError('payload-too-large', { detail: tooLarge(maxBytes) }) : null, chunk);
    },
  });
  const { head, rest } = await readHead(upload);
  const inflate = head.subarray(0, 2).equals(GZIP_MAGIC) ? createGunzip() : new PassThrough();
  await pipeline(
    Readable.from(prepend(head, rest), { objectMode: false }),
    inflate,
    limit,
    async (inflated) => {
      for await (const chunk of inflated) await handle.writeFile(chunk as Buffer);
    },
  );
  return size;
}

/** The first two bytes at least, where there are two; what compresses is known by them, whatever it calls itself. */
async function readHead(upload: Readable): Promise<{ head: Buffer; rest: AsyncIterator<Buffer> }> {
  const rest = upload.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < GZIP_MAGIC.length) {
    const { value, done } = await rest.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return { head, rest };
}

async function* prepend(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function toUploadError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { code = '', statusCode } = error as { code?: string; statusCode?: number };
  // Of zlib; the sender's fault.
  if (/^Z_/.test(code))
    return new ImportUnreadableError('The compressed data is damaged or ends too early', error);
  if (statusCode === 413) return new AppError('payload-too-large', { cause: error });
  if (/^(ERR_STREAM_PREMATURE_CLOSE|ECONNRESET|ABORT_ERR)$/.test(code)) {
    return new AppError('bad-request', { detail: 'The upload broke off', cause: error });
  }
  return error;
}

const tooLarge = (maxBytes: number): string => `The file may have ${maxBytes} bytes once it is inflated`;
