import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { SourceFileError } from '../loading/loading.errors.js';
import { CustomerSource, type SourceFile } from './customer-source.js';

/** Customer files in a folder of this machine, or of a share that is mounted. */
export class FolderSource extends CustomerSource {
  constructor(readonly location: string) {
    super();
  }

  async find(names: readonly string[]): Promise<SourceFile | null> {
    for (const name of names) {
      const path = join(this.location, name);
      const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
        throw unreadable(path, error);
      });
      if (!found?.isFile()) continue;
      return {
        name: path,
        bytes: found.size,
        modifiedAt: found.mtime,
        open: (signal) => Promise.resolve(Readable.from(readParts(path, signal), { objectMode: false })),
      };
    }
    return null;
  }
}

async function* readParts(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const part of createReadStream(path, { signal })) yield part as Buffer;
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
}

function unreadable(file: string, error: NodeJS.ErrnoException): SourceFileError {
  const reason = error.code ?? error.message;
  return new SourceFileError('unreachable', { file }, `cannot be read (${reason})`, { cause: error });
}
