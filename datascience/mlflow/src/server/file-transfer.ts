import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import { ServerError } from './server-error.js';

/** What a transfer carried. */
export interface Transferred {
  /** Bytes. */
  size: number;
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
}

/** Aborts when nothing has moved for a while, or when the caller's signal does. */
export class SilenceWatch {
  readonly signal: AbortSignal;
  expired = false;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly forward = () => this.controller.abort(this.outer.reason);

  constructor(
    readonly timeoutMs: number,
    private readonly outer: AbortSignal,
  ) {
    this.signal = this.controller.signal;
    this.timer = setTimeout(() => {
      this.expired = true;
      this.controller.abort(new Error('timed out'));
    }, timeoutMs);
    if (outer.aborted) this.forward();
    else outer.addEventListener('abort', this.forward, { once: true });
  }

  /** Something moved. */
  touch(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener('abort', this.forward);
  }
}

/** A stream as the body of a request, counted and hashed as it is read. */
export function sendChunks(
  source: Readable,
  watch: SilenceWatch,
): { body: AsyncIterable<Uint8Array>; result: () => Transferred } {
  const hash = createHash('sha256');
  let size = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      watch.touch();
      yield chunk;
    }
    watch.touch();
  }
  return { body: chunks(), result: () => ({ size, sha256: hash.digest('hex') }) };
}

/**
 * Writes an answer's body to `target`, under another name until it is whole.
 *
 * @throws ServerError `TEMPORARILY_UNAVAILABLE`, transient, where the body is shorter than announced;
 *   what `verify` throws
 */
export async function receiveFile(
  response: Response,
  target: string,
  watch: SilenceWatch,
  verify: (received: Transferred) => void,
): Promise<Transferred> {
  const hash = createHash('sha256');
  let size = 0;
  const partial = `${target}.${randomUUID()}.partial`;
  await mkdir(dirname(target), { recursive: true });
  try {
    // Opened first: a stream that opens by itself could make the file after it was given up.
    const output = (await open(partial, 'wx')).createWriteStream({ flush: true });
    const body = response.body ? Readable.fromWeb(response.body as WebStream) : Readable.from([]);
    await pipeline(
      body,
      async function* (source: AsyncIterable<Uint8Array>) {
        for await (const chunk of source) {
          hash.update(chunk);
          size += chunk.length;
          watch.touch();
          yield chunk;
        }
      },
      output,
      { signal: watch.signal },
    );
    const announced = response.headers.get('content-length');
    if (announced !== null && Number(announced) !== size) {
      throw new ServerError('TEMPORARILY_UNAVAILABLE', `${size} of ${announced} bytes arrived`, {
        transient: true,
      });
    }
    const received = { size, sha256: hash.digest('hex') };
    verify(received);
    await rename(partial, target);
    return received;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
