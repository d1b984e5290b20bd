import type { Predictor } from '@vitrine/inference';

/** What a model in memory holds is released once. */
export interface Releasable {
  dispose(): Promise<void>;
}

/**
 * A predictor with a count of its uses: retiring it waits for those in flight and disposes it after the last one.
 */
export class SharedPredictor<P extends Releasable = Predictor> {
  private uses = 0;
  private drained: (() => void) | null = null;
  private retirement: Promise<void> | null = null;

  constructor(private readonly predictor: P) {}

  /** Whether it takes no more uses. */
  get isRetired(): boolean {
    return this.retirement !== null;
  }

  /** Runs `fn` with the predictor, which is not disposed before the promise settles. */
  async use<T>(fn: (predictor: P) => Promise<T>): Promise<T> {
    if (this.retirement) throw new Error('The predictor is retired');
    this.uses++;
    try {
      return await fn(this.predictor);
    } finally {
      this.uses--;
      if (this.uses === 0) this.drained?.();
    }
  }

  /** Takes no more uses, waits for those in flight, disposes the predictor. Calling it twice disposes once. */
  retire(): Promise<void> {
    this.retirement ??= this.drainAndDispose();
    return this.retirement;
  }

  private async drainAndDispose(): Promise<void> {
    if (this.uses > 0) await new Promise<void>((resolve) => (this.drained = resolve));
    await this.predictor.dispose();
  }
}
