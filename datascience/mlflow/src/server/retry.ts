import { setTimeout as wait } from 'node:timers/promises';
import { ExponentialBackoff, type IBackoff, type IBackoffFactory } from 'cockatiel';
import { ServerError } from './server-error.js';

const MAX_DELAY_MS = 5_000;
/** A server that asks to wait longer than this is taken at its word that it is away. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Runs a call, again after a transient error. */
export type Retry = <T>(call: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * Retries idempotent calls after transient errors with exponential back-off and decorrelated jitter (cockatiel's), and
 * never earlier than the server's `Retry-After`. The loop is ours because cockatiel's own cannot be called off while it
 * waits.
 */
export function createRetry({ retries, delayMs }: { retries: number; delayMs: number }): Retry {
  const backoff: IBackoffFactory<void> = new ExponentialBackoff({
    initialDelay: delayMs,
    maxDelay: MAX_DELAY_MS,
  });
  return async (call, signal) => {
    let delay: IBackoffFactory<void> | IBackoff<void> = backoff;
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await call();
      } catch (error) {
        if (attempt === retries || !isWorthRetrying(error)) throw error;
        const next: IBackoff<void> = delay.next();
        delay = next;
        await waitOrAbort(Math.max(next.duration, error.retryAfterMs), signal);
      }
    }
  };
}

function isWorthRetrying(error: unknown): error is ServerError {
  return error instanceof ServerError && error.transient && error.retryAfterMs <= MAX_RETRY_AFTER_MS;
}

async function waitOrAbort(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted(); // with the caller's own reason
}
