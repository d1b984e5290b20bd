import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, posix, relative, sep } from 'node:path';
import { StoreError } from './store.js';

/** Names that a server's own path checks misread: an escape, a query, a fragment; and those of its unfinished uploads. */
const UNSAFE_PATH = /[#?%\\\p{Cc}]|(^|\/)\.artifact\.uploading\./u;

/**
 * A path within a run's artifacts, cleaned; '' is the root.
 *
 * @throws StoreError `INVALID_PARAMETER_VALUE` where it would leave the run, or no server could keep it
 */
export function artifactPathWithin(path: string): string {
  if (path === '') return '';
  const clean = posix.normalize(path).replace(/\/$/, '');
  if (isAbsolute(clean) || clean === '..' || clean.startsWith('../')) {
    throw new StoreError(
      'INVALID_PARAMETER_VALUE',
      `The artifact path ${JSON.stringify(path)} leaves the run`,
    );
  }
  if (UNSAFE_PATH.test(clean)) {
    throw new StoreError(
      'INVALID_PARAMETER_VALUE',
      `${JSON.stringify(path)} cannot be an artifact: "#", "?", "%" and "\\" cannot be in its path`,
    );
  }
  return clean === '.' ? '' : clean;
}

/** A file to be logged. */
export interface LocalFile {
  file: string;
  /** Its path below the folder that is logged, with `/`; its name where it is logged alone. */
  name: string;
}

/**
 * The file itself, or every file of the folder, sorted by name.
 *
 * @throws StoreError `INVALID_PARAMETER_VALUE` where a name cannot be an artifact's
 */
export async function listLocalFiles(path: string): Promise<LocalFile[]> {
  const files: LocalFile[] = [];
  if ((await stat(path)).isDirectory()) {
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.push({ file, name: relative(path, file).split(sep).join('/') });
    }
  } else {
    files.push({ file: path, name: basename(path) });
  }
  for (const { name } of files) artifactPathWithin(name);
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}
