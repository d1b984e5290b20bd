import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
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
        throw new SourceFileError('unreachable', { file: path }, `cannot be looked at (${error.code})`, {
          cause: error,
        });
      });
      if (!found?.isFile()) continue;
      return {
        name: path,
        bytes: found.size,
        modifiedAt: found.mtime,
        open: (signal) => Promise.resolve(createReadStream(path, { signal })),
      };
    }
    return null;
  }
}
