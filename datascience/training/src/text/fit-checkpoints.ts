import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../datasets/atomic-write.js';

/** What is told of a finished fit; a resumed run tells it again. */
export interface FitRecord {
  /** Passes made. */
  passes: number;
  /** Measures of each pass, by name; empty where they are not told. */
  history: Record<string, number>[];
}

/**
 * Finished fits on disk, each a binary file of float32 and a JSON record, whole or not at all. The record is written
 * last: without it the fit is made again. The folder belongs to one data set and one set of options, so that what is
 * found there needs no other check than its size.
 */
export class FitCheckpoints {
  constructor(private readonly dir: string) {}

  /** The fit's values and record, or null where it is not there or was cut off. */
  async read(name: string, length: number): Promise<{ values: Float32Array; record: FitRecord } | null> {
    const record = await this.readRecord(name);
    const bytes = record && (await readIfThere(this.path(name, 'bin')));
    if (bytes?.byteLength !== 4 * length) return null;
    const values = new Float32Array(length);
    new Uint8Array(values.buffer).set(bytes);
    return { values, record: record as FitRecord };
  }

  /** The record alone: it stays when the values are removed. */
  async readRecord(name: string): Promise<FitRecord | null> {
    const text = await readIfThere(this.path(name, 'json'));
    return text && (JSON.parse(text.toString('utf8')) as FitRecord);
  }

  async write(name: string, values: Float32Array, record: FitRecord): Promise<void> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await writeFileAtomically(this.path(name, 'bin'), bytes);
    await writeFileAtomically(this.path(name, 'json'), JSON.stringify(record));
  }

  async removeValues(name: string): Promise<void> {
    await rm(this.path(name, 'bin'), { force: true });
  }

  private path(name: string, extension: string): string {
    return join(this.dir, `${name}.${extension}`);
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
