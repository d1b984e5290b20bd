import type { Metric, TrackingStore } from '@vitrine/mlflow';
import { isAway } from './store-away.js';

/** Pause after an attempt that failed, in milliseconds. */
const PAUSE_MS = 10_000;

/**
 * Metrics on their way to a run. They are sent while training goes on, and kept while the store is away: training
 * neither waits for a server nor fails with it.
 */
export class MetricBuffer {
  private waiting: Metric[] = [];
  private sending: Promise<void> | null = null;
  private nextAttempt = 0;
  private failure: unknown = null;

  constructor(
    private readonly store: Pick<TrackingStore, 'logMetrics'>,
    private readonly runId: string,
    /** Told when the store is away. */
    private readonly onAway: (error: Error) => void,
  ) {}

  /** @throws what an earlier attempt failed with, where that will not pass */
  add(metrics: readonly Metric[]): void {
    if (this.failure !== null) throw this.failure;
    this.waiting.push(...metrics);
    if (this.sending !== null || Date.now() < this.nextAttempt) return;
    this.sending = this.send()
      .catch((error: unknown) => this.note(error))
      .finally(() => (this.sending = null));
  }

  /** Sends what waits. @throws StoreError; what was not sent is kept */
  async drain(): Promise<void> {
    await this.sending;
    await this.send();
  }

  private async send(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = [...this.waiting];
      await this.store.logMetrics(this.runId, batch);
      this.waiting.splice(0, batch.length);
    }
  }

  private note(error: unknown): void {
    if (!isAway(error)) {
      this.failure = error;
      return;
    }
    this.nextAttempt = Date.now() + PAUSE_MS;
    this.onAway(error as Error);
  }
}
