import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { PARTIAL_SUFFIX } from '../../datasets/atomic-write.js';

/** Characters that are gathered before they are written. */
const PART_CHARACTERS = 64 * 1024;

/** A CSV file that is written row by row, in constant memory, and appears under its name when it is whole. */
export class RowFile {
  private readonly partial: string;
  private readonly stream: WriteStream;
  private part: string;

  /** @param header line of column names */
  constructor(
    private readonly path: string,
    header: string,
  ) {
    this.partial = `${path}.${process.pid}${PARTIAL_SUFFIX}`;
    this.stream = createWriteStream(this.partial);
    // Told to whoever writes next, or closes.
    this.stream.on('error', () => undefined);
    this.part = `${header}\n`;
  }

  /** Adds a row of fields that need no quotes. Await the promise, where there is one, before the next row. */
  write(row: string): Promise<unknown> | undefined {
    this.part += `${row}\n`;
    return this.part.length < PART_CHARACTERS ? undefined : this.flush();
  }

  /** Ends the file and gives it its name. @throws what writing it threw */
  async close(): Promise<void> {
    await this.flush();
    this.stream.end();
    await finished(this.stream);
    await rename(this.partial, this.path);
  }

  /** Removes what was written so far. */
  async discard(): Promise<void> {
    this.stream.destroy();
    await rm(this.partial, { force: true });
  }

  private async flush(): Promise<void> {
    if (this.stream.errored) throw this.stream.errored;
    const { part } = this;
    this.part = '';
    if (!this.stream.write(part)) await once(this.stream, 'drain');
  }
}
