/**
 * Lets requests that ask for the same at the same time share one read. Whoever comes while one is under way waits for
 * the next: what a request gets was read after the request came, so that it sees what was written before.
 */
export class SharedReads {
  private readonly underWay = new Map<string, Promise<unknown>>();
  private readonly next = new Map<string, Promise<unknown>>();

  read<T>(key: string, load: () => Promise<T>): Promise<T> {
    const waiting = this.next.get(key);
    if (waiting) return waiting as Promise<T>;
    const before = this.underWay.get(key);
    if (!before) return this.start(key, load);
    const following = before.then(nothing, nothing).then(() => {
      this.next.delete(key);
      return this.start(key, load);
    });
    this.next.set(key, following);
    return following;
  }

  private start<T>(key: string, load: () => Promise<T>): Promise<T> {
    const read = load().finally(() => {
      if (this.underWay.get(key) === read) this.underWay.delete(key);
    });
    this.underWay.set(key, read);
    return read;
  }
}

const nothing = (): void => undefined;
