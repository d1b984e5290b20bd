/** Bounds of a group commit. */
export interface GroupCommitOptions<R> {
  /** Writes rows in one statement, all or none. */
  write(rows: readonly R[]): Promise<void>;
  /** Whether an error says something about a row and not about the store: the rows are then written one by one. */
  isRowError(error: unknown): boolean;
  /** Most rows in one statement. */
  maxRows: number;
  /** Approximate size of a row, and the most that one statement may hold (at least one row goes anyway). */
  sizeOf(row: R): number;
  maxSize: number;
  /** Most rows waiting; beyond it `add` rejects at once. */
  maxWaiting: number;
  /** Statements in flight at a time. */
  writers: number;
}

interface Waiting<R> {
  row: R;
  resolve(): void;
  reject(error: unknown): void;
}

/** Thrown where rows come in faster than they are written. */
export class GroupCommitFullError extends Error {
  constructor(waiting: number) {
    super(`${waiting} rows are waiting to be written`);
    this.name = 'GroupCommitFullError';
  }
}

/**
 * Group commit: rows that arrive while a statement is in flight are written by the next one together, so that the
 * cost of a commit is shared while nobody waits for a timer. Each caller waits for its own row to be committed.
 */
export class GroupCommit<R> {
  private waiting: Waiting<R>[] = [];
  private inFlight = 0;
  private scheduled = false;
  private idle: (() => void)[] = [];

  constructor(private readonly options: GroupCommitOptions<R>) {}

  /**
   * Writes one row.
   *
   * @throws GroupCommitFullError where too many rows are waiting; otherwise what the store throws
   */
  add(row: R): Promise<void> {
    if (this.waiting.length >= this.options.maxWaiting) {
      return Promise.reject(new GroupCommitFullError(this.waiting.length));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ row, resolve, reject });
      this.schedule();
    });
  }

  /** Resolves when every row that was added is written or refused. */
  async flush(): Promise<void> {
    if (this.inFlight === 0 && this.waiting.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Waits for the end of this turn of the event loop: requests read together are written together. */
  private schedule(): void {
    if (this.scheduled || this.inFlight >= this.options.writers) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      while (this.waiting.length > 0 && this.inFlight < this.options.writers) void this.writeNext();
    });
  }

  private async writeNext(): Promise<void> {
    const batch = this.take();
    this.inFlight++;
    try {
      await this.writeBatch(batch);
    } finally {
      this.inFlight--;
      if (this.waiting.length > 0) this.schedule();
      else if (this.inFlight === 0) this.idle.splice(0).forEach((resolve) => resolve());
    }
  }

  private take(): Waiting<R>[] {
    const { maxRows, maxSize, sizeOf } = this.options;
    let size = 0;
    let count = 0;
    for (const { row } of this.waiting) {
      size += sizeOf(row);
      if (count > 0 && (count >= maxRows || size > maxSize)) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async writeBatch(batch: readonly Waiting<R>[]): Promise<void> {
    try {
      await this.options.write(batch.map(({ row }) => row));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length > 1 && this.options.isRowError(error)) await this.writeOneByOne(batch);
      else for (const { reject } of batch) reject(error);
    }
  }

  /** One row that the store refuses must not take its neighbours along. */
  private async writeOneByOne(batch: readonly Waiting<R>[]): Promise<void> {
    for (const { row, resolve, reject } of batch) await this.options.write([row]).then(resolve, reject);
  }
}
