import { ExponentialBackoff, handleWhen, retry, type IBackoff, type IRetryBackoffContext } from 'cockatiel';
import { ServerError } from './server-error.js';

const MAX_DELAY_MS = 5_000;
/** A server that asks to wait longer than this is taken at its word that it is away. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Runs a call, again after a transient error. */
export type Retry = <T>(call: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * Retries idempotent calls after transient errors with exponential back-off and decorrelated jitter, and never earlier
 * than the server's `Retry-After`.
 */
export function createRetry({ retries, delayMs }: { retries: number; delayMs: number }): Retry {
  const policy = retry(
    handleWhen(
      (error) => error instanceof ServerError && error.transient && error.retryAfterMs <= MAX_RETRY_AFTER_MS,
    ),
    {
      maxAttempts: retries,
      backoff: new RetryAfterBackoff(
        new ExponentialBackoff({ initialDelay: delayMs, maxDelay: MAX_DELAY_MS }) as Backoff,
      ),
    },
  );
  return async (call, signal) => {
    signal.throwIfAborted();
    const aborted = whenAborted(signal);
    try {
      // The policy does not end its waits when it is aborted; nobody needs to wait for them.
      return await Promise.race([
        policy.execute(() => {
          signal.throwIfAborted();
          return call();
        }),
        aborted.promise,
      ]);
    } finally {
      aborted.dispose();
    }
  };
}

type Context = IRetryBackoffContext<unknown>;
type Backoff = Pick<IBackoff<Context>, 'next'>;

class RetryAfterBackoff {
  constructor(
    private readonly inner: Backoff,
    readonly duration = 0,
  ) {}

  next(context: Context): RetryAfterBackoff {
    const inner = this.inner.next(context);
    const error = 'error' in context.result ? context.result.error : null;
    const retryAfter = error instanceof ServerError ? error.retryAfterMs : 0;
    return new RetryAfterBackoff(inner, Math.max(inner.duration, retryAfter));
  }
}

function whenAborted(signal: AbortSignal): { promise: Promise<never>; dispose: () => void } {
  let onAbort: () => void = () => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  promise.catch(() => undefined);
  return { promise, dispose: () => signal.removeEventListener('abort', onAbort) };
}
