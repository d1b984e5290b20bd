import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Ends the names of files that are still being written: whoever finds one may delete it. */
export const PARTIAL_SUFFIX = '.partial';

/** Writes a file so that at any moment it is there whole or not at all. */
export async function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const partial = `${path}.${process.pid}${PARTIAL_SUFFIX}`;
  try {
    await writeFile(partial, data);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** True where the file holds these very bytes. */
export async function fileHolds(path: string, text: string): Promise<boolean> {
  try {
    return (await readFile(path)).equals(Buffer.from(text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
