import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SalesInput } from '../../bronze/sales-record.js';
import { CSV_HEADER, formatLines, parseLine } from './csv-lines.js';

const NEWLINE = 0x0a;
/** Lines written at a time when the file is written anew. */
const REWRITE_ROWS = 5_000;

/**
 * A CSV file that only grows: each record is a line at its end, and a later line of the same key replaces an earlier
 * one. What a crash left of a line is cut off when the file is opened.
 */
export class CsvLog {
  private constructor(
    private readonly path: string,
    private file: FileHandle,
    private size: number,
    private lines: number,
  ) {}

  /**
   * Opens the file, makes it where it is not there, and hands every record to `onRecord` in order.
   *
   * @throws Error where a line is damaged that whole ones follow: a crash does not do that
   */
  static async open(path: string, onRecord: (record: SalesInput) => void): Promise<CsvLog> {
    await rm(`${path}.new`, { force: true });
    const file = await open(path, 'a+');
    try {
      const { size, lines } = await readWholeLines(path, onRecord);
      await file.truncate(size);
      const log = new CsvLog(path, file, size, lines);
      if (size === 0) await log.write(CSV_HEADER);
      await syncFolder(path);
      return log;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** How many records the file holds, replaced ones too. */
  get lineCount(): number {
    return this.lines;
  }

  /** Appends records; they are on the disk when it resolves, and none of them where it rejects. */
  async append(records: readonly SalesInput[]): Promise<void> {
    await this.write(formatLines(records));
    this.lines += records.length;
  }

  /** Puts a file with these records alone in its place; a crash leaves the old one or the new one. */
  async rewrite(pages: Iterable<readonly SalesInput[]>): Promise<void> {
    const fresh = await open(`${this.path}.new`, 'w');
    let size = 0;
    let lines = 0;
    try {
      size += (await fresh.write(CSV_HEADER)).bytesWritten;
      for (const page of pages) {
        for (let start = 0; start < page.length; start += REWRITE_ROWS) {
          const content = Buffer.from(formatLines(page.slice(start, start + REWRITE_ROWS)));
          await fresh.appendFile(content);
          size += content.length;
        }
        lines += page.length;
      }
      await fresh.sync();
    } finally {
      await fresh.close();
    }
    await rename(`${this.path}.new`, this.path);
    await syncFolder(this.path);
    await this.file.close();
    this.file = await open(this.path, 'a+');
    this.size = size;
    this.lines = lines;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async write(text: string): Promise<void> {
    const content = Buffer.from(text);
    try {
      await this.file.appendFile(content);
      await this.file.datasync();
      this.size += content.length;
    } catch (error) {
      // A full disk leaves part of it: the next line must not follow upon half a one.
      await this.file.truncate(this.size);
      throw error;
    }
  }
}

/** Reads up to the last whole line; returns where that ends. */
async function readWholeLines(
  path: string,
  onRecord: (record: SalesInput) => void,
): Promise<{ size: number; lines: number }> {
  let lines = -1;
  let size = 0;
  let position = 0;
  let damagedAt: number | null = null;
  for await (const line of readLines(path)) {
    position += line.length + 1;
    const text = line.toString('utf8');
    const record = lines < 0 ? null : parseLine(text);
    const isWhole = lines < 0 ? `${text}\n` === CSV_HEADER : record !== null;
    if (!isWhole) {
      damagedAt ??= lines + 2;
      continue;
    }
    if (damagedAt !== null) throw new Error(`${path}: line ${damagedAt} is damaged`);
    if (record) onRecord(record);
    lines++;
    size = position;
  }
  if (size === 0 && (await stat(path)).size > CSV_HEADER.length) {
    throw new Error(`${path} does not begin with ${CSV_HEADER.trim()}`);
  }
  return { size, lines: Math.max(lines, 0) };
}

/** Lines that have an end, without it. */
async function* readLines(path: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const data: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      yield data.subarray(start, end);
      start = end + 1;
    }
    rest = Buffer.from(data.subarray(start));
  }
}

/** A file's name is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}
