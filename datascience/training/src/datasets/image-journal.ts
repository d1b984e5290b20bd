import { appendFile, readFile } from 'node:fs/promises';
import { writeFileAtomically } from './atomic-write.js';

/** What came of one source photo. */
export interface JournalEntry {
  /** File name without extension. */
  stem: string;
  /** Bytes and modification time of the source: unchanged means the same file. */
  size: number;
  mtimeMs: number;
  /** SHA-256 (hex) of the source: a touched or copied file with the same bytes is the same photo. */
  sha256: string;
  /** Null where it was prepared, else why not. */
  refusal: { code: 'image-unsupported' | 'image-invalid' | 'image-too-large'; message: string } | null;
}

/**
 * Remembers which photos are done, one line each, written after the photo is in place: what an interrupted run
 * leaves is always true, and the next run goes on from there.
 */
export class ImageJournal {
  private readonly entries = new Map<string, JournalEntry>();

  private constructor(private readonly path: string) {}

  /**
   * @param setting what shapes the prepared photos; a journal written under another setting starts anew
   */
  static async open(path: string, setting: string): Promise<ImageJournal> {
    const journal = new ImageJournal(path);
    const lines = await readLines(path);
    if (lines[0] === setting) {
      for (const line of lines.slice(1)) {
        const entry = parseEntry(line);
        if (entry) journal.entries.set(entry.stem, entry);
      }
    }
    // Written anew: a line cut short by an interruption must not run into the next one.
    const kept = [...journal.entries.values()].map((entry) => JSON.stringify(entry));
    await writeFileAtomically(path, [setting, ...kept, ''].join('\n'));
    return journal;
  }

  get(stem: string): JournalEntry | undefined {
    return this.entries.get(stem);
  }

  async add(entry: JournalEntry): Promise<void> {
    this.entries.set(entry.stem, entry);
    await appendFile(this.path, `${JSON.stringify(entry)}\n`);
  }
}

async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function parseEntry(line: string): JournalEntry | null {
  if (line === '') return null;
  try {
    return JSON.parse(line) as JournalEntry;
  } catch {
    return null; // cut short
  }
}
