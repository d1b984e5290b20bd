import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeName, encodeName } from './names.js';

/** Writes a file as a whole or not at all: a reader, or a crash, never sees half of it. */
export async function writeFileAtomic(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A file's text, or null where there is none. */
export async function readFileIfAny(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Names in a folder, sorted; none where there is no folder. Files still being written are left out. */
export async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => !name.endsWith('.tmp')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A text value per file, the key as its name: concurrent writers of different keys never undo each other. */
export async function writeValues(dir: string, kind: string, values: Record<string, string>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    await writeFileAtomic(join(dir, encodeName(kind, key)), value);
  }
}

/** Reads what `writeValues` wrote. */
export async function readValues(dir: string): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of await namesIn(dir)) {
    const value = await readFileIfAny(join(dir, name));
    if (value !== null) values[decodeName(name)] = value;
  }
  return values;
}

/** True for the error of a file or folder that is not there. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
