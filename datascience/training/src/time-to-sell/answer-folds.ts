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

/** How folds are answered. */
export interface AnswerFoldsOptions {
  signal: AbortSignal;
  /** Threads to use, 0: none; as many as there are cores, and none for few rows, where it is not given. */
  threads?: number;
  /** Told of each fold's answer as it comes. */
  onAnswer(fold: number, answer: FoldAnswer): Promise<void>;
}

/**
 * Answers folds, each on the next thread that is free.
 *
 * @throws the signal's reason where it is aborted; what was answered until then has been told
 */
export async function answerFolds(
  rows: readonly TabularRow[],
  tasks: readonly FoldTask[],
  { signal, onAnswer, threads = chooseThreads(rows.length) }: AnswerFoldsOptions,
): Promise<void> {
  const waiting = [...tasks.entries()];
  if (threads > 0) {
    const lines = Array.from({ length: Math.min(threads, waiting.length) }, () =>
      answerOnThread(rows, waiting, { signal, onAnswer }),
    );
    await Promise.all(lines);
    return;
  }
  const corpus = countListings(rows, LISTING_FIELDS);
  for (const [fold, task] of waiting) {
    signal.throwIfAborted();
    await onAnswer(fold, answerFold(corpus, task));
  }
}

/** Takes waiting folds until there are none. */
async function answerOnThread(
  rows: readonly TabularRow[],
  waiting: [number, FoldTask][],
  { signal, onAnswer }: AnswerFoldsOptions,
): Promise<void> {
  const worker = new Worker(workerFile, { workerData: { rows } });
  try {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      worker.postMessage(next[1]);
      const [answer] = (await once(worker, 'message', { signal })) as [FoldAnswer];
      await onAnswer(next[0], answer);
    }
  } catch (error) {
    signal.throwIfAborted(); // with its own reason
    throw error;
  } finally {
    await worker.terminate();
  }
}

function chooseThreads(rows: number): number {
  return rows < MIN_ROWS_FOR_THREADS ? 0 : Math.min(availableParallelism(), MAX_THREADS);
}
