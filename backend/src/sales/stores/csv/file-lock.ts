import { readFile, rm, writeFile } from 'node:fs/promises';

/** Keeps a second process away from files that one process may write; the lock of a process that is gone counts for nothing. */
export class FileLock {
  private constructor(private readonly path: string) {}

  /** @throws Error where another process that runs holds it */
  static async acquire(path: string): Promise<FileLock> {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await writeFile(path, String(process.pid), { flag: 'wx' });
        return new FileLock(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = Number(await readFile(path, 'utf8').catch(() => ''));
      if (holder !== process.pid && isRunning(holder))
        throw new Error(`${path} is held by process ${holder}`);
      await rm(path, { force: true });
    }
    throw new Error(`${path} was taken by another process`);
  }

  release(): Promise<void> {
    return rm(this.path, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
