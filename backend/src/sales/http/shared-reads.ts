import { setTimeout as sleep } from 'node:timers/promises';

/** Longest pause between two reads of the same. */
const MAX_PAUSE_MS = 25;

/**
 * Lets requests that ask for the same at the same time share one read. Whoever comes while one is under way waits for
 * the next: what a request gets was read after the request came, so that it sees what was written before. Between two
 * reads that follow upon one another lies as long a pause as the first took (up to 25 ms): whatever is asked for most
 * leaves half of the time to the others.
 */
export class SharedReads {
  private readonly underWay = new Map<string, { read: Promise<unknown>; since: number }>();
  private readonly next = new Map<string, Promise<unknown>>();

  read<T>(key: string, load: () => Promise<T>): Promise<T> {
    const waiting = this.next.get(key);
    if (waiting) return waiting as Promise<T>;
    const before = this.underWay.get(key);
    if (!before) return this.start(key, load);
    const following = before.read.then(nothing, nothing).then(async () => {
      await sleep(Math.min(performance.now() - before.since, MAX_PAUSE_MS));
      this.next.delete(key);
      return this.start(key, load);
    });
    this.next.set(key, following);
    return following;
  }

  private start<T>(key: string, load: () => Promise<T>): Promise<T> {
    const read = load().finally(() => {
      if (this.underWay.get(key)?.read === read) this.underWay.delete(key);
    });
    this.underWay.set(key, { read, since: performance.now() });
    return read;
  }
}

const nothing = (): void => undefined;
