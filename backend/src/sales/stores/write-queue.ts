import type { SalesRecord } from '../bronze/sales-record.js';
import type { SalesStore, WriteOutcome } from './sales-store.js';

/** Bounds of the queue. */
export interface WriteQueueOptions {
  /** Most records in one transaction; a larger list goes alone. */
  maxRecords: number;
  /** Most records waiting; beyond it `add` rejects at once. */
  maxWaiting: number;
}

/** Thrown where records come in faster than they are written. */
export class WriteQueueFullError extends Error {
  constructor(waiting: number) {
    super(`${waiting} records are waiting to be written`);
    this.name = 'WriteQueueFullError';
  }
}

interface Waiting {
  records: readonly SalesRecord[];
  resolve(outcomes: WriteOutcome[]): void;
  reject(error: unknown): void;
}

/**
 * Puts lists of records that come in together into one transaction, one at a time and in their order: the cost of a
 * commit is shared, and nobody waits for a timer. Each caller waits for the commit of its own records.
 */
export class WriteQueue {
  private waiting: Waiting[] = [];
  private waitingRecords = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly store: SalesStore,
    private readonly options: WriteQueueOptions,
  ) {}

  /**
   * Stores records; resolves when they are durable.
   *
   * @throws WriteQueueFullError where too many are waiting; otherwise what the store throws
   */
  add(records: readonly SalesRecord[]): Promise<WriteOutcome[]> {
    if (this.waitingRecords >= this.options.maxWaiting) {
      return Promise.reject(new WriteQueueFullError(this.waitingRecords));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ records, resolve, reject });
      this.waitingRecords += records.length;
      this.running ??= this.drain();
    });
  }

  /** Runs something of the store's while nothing is written. */
  async runAlone<T>(work: () => Promise<T>): Promise<T> {
    while (this.running) await this.running;
    const result = work();
    this.running = result.then(nothing, nothing).then(() => this.drain());
    return result;
  }

  /** Resolves when everything that was added is written or refused. */
  async flush(): Promise<void> {
    while (this.running) await this.running;
  }

  private async drain(): Promise<void> {
    // Requests that were read in the same turn of the event loop are written together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.writeGroup(this.takeGroup());
    this.running = undefined;
  }

  private takeGroup(): Waiting[] {
    let size = 0;
    let count = 0;
    for (const { records } of this.waiting) {
      size += records.length;
      if (count > 0 && size > this.options.maxRecords) break;
      count++;
    }
    const group = this.waiting.splice(0, count);
    this.waitingRecords -= group.reduce((sum, { records }) => sum + records.length, 0);
    return group;
  }

  private async writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.store.write(group.flatMap(({ records }) => records));
      let start = 0;
      for (const { records, resolve } of group) {
        resolve(outcomes.slice(start, start + records.length));
        start += records.length;
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

const nothing = (): void => undefined;
