import { setTimeout as wait } from 'node:timers/promises';
import { ServerError, StoreError } from '@vitrine/mlflow';
import type { Progress } from '../cli/progress.js';

/** How long finished work waits for a server that went away, in milliseconds. */
const PATIENCE_MS = 5 * 60_000;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 15_000;

/** Whether a store failed in a way that passes: the server is down, restarts or is overloaded. */
export function isAway(error: unknown): boolean {
  if (error instanceof ServerError && error.transient) return true;
  return error instanceof StoreError && error.code === 'TEMPORARILY_UNAVAILABLE';
}

/** Does something, again while the store is away. */
export type Patience = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Makes work wait for its store: what was computed for hours is not lost to a server's restart.
 *
 * @param patienceMs how long one piece of work is tried again
 * @returns a runner of work that may be repeated; it throws the store's last error when patience ends
 */
export function createPatience(
  { progress, signal }: { progress: Progress; signal: AbortSignal },
  patienceMs = PATIENCE_MS,
): Patience {
  return async (work) => {
    const deadline = Date.now() + patienceMs;
    for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, MAX_DELAY_MS)) {
      try {
        return await work();
      } catch (error) {
        if (!isAway(error) || Date.now() + delay > deadline) throw error;
        progress.warn(`${(error as Error).message}; trying again for ${secondsUntil(deadline)} s`);
      }
      await wait(delay, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted(); // with its own reason
    }
  };
}

function secondsUntil(time: number): number {
  return Math.ceil((time - Date.now()) / 1000);
}
