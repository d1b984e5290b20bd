import { availableParallelism } from 'node:os';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TabularRow } from '@vitrine/inference';
import { answerFold, type FoldAnswer, type FoldTask } from './fold-answer.js';
import { countListings } from './listing-corpus.js';
import { LISTING_FIELDS } from './listing-task.js';

/** Fewer rows are done here sooner than a thread is started. */
const MIN_ROWS_FOR_THREADS = 1_500;
/** Threads at most: each holds the listings and a fit of them. */
const MAX_THREADS = 4;

/** Compiled code, also when this file runs from its source: a thread starts from JavaScript. */
const workerFile = fileURLToPath(new URL('../../dist/time-to-sell/fold.worker.js', import.meta.url));

/**
 * Answers folds on as many threads as there are cores, the longest-waiting first.
 *
 * @param onAnswer told of each fold's answer as it comes, one at a time
 */
export async function answerFolds(
  rows: readonly TabularRow[],
  tasks: readonly FoldTask[],
  {
    signal,
    onAnswer,
  }: { signal: AbortSignal; onAnswer: (fold: number, answer: FoldAnswer) => Promise<void> },
): Promise<void> {
  const waiting = [...tasks.entries()];
  if (rows.length < MIN_ROWS_FOR_THREADS) {
    const corpus = countListings(rows, LISTING_FIELDS);
    for (const [fold, task] of waiting) {
      signal.throwIfAborted();
      await onAnswer(fold, answerFold(corpus, task));
    }
    return;
  }
  const threads = Math.min(availableParallelism(), MAX_THREADS, waiting.length);
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(workerFile, { workerData: { rows } });
      try {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          worker.postMessage(next[1]);
          const [answer] = (await once(worker, 'message', { signal })) as [FoldAnswer];
          await onAnswer(next[0], answer);
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}
