/** Delays that double from `baseMs` to `maxMs`. */
export interface BackOffOptions {
  baseMs: number;
  maxMs: number;
}

/** When a failed version may be tried again: exponential, capped, forgotten as soon as another version is wanted. */
export class BackOff {
  private key: string | null = null;
  private failures = 0;
  private retryAt = 0;

  constructor(private readonly options: BackOffOptions) {}

  /** Whether `key` failed so recently that it must not be tried yet. */
  isWaiting(key: string, now: number): boolean {
    return this.key === key && now < this.retryAt;
  }

  /** Records a failure of `key` and answers when it may be tried again (ms since 1970). */
  fail(key: string, now: number): number {
    this.failures = this.key === key ? this.failures + 1 : 1;
    this.key = key;
    const delay = Math.min(this.options.maxMs, this.options.baseMs * 2 ** (this.failures - 1));
    this.retryAt = now + delay;
    return this.retryAt;
  }

  reset(): void {
    this.key = null;
    this.failures = 0;
    this.retryAt = 0;
  }
}
