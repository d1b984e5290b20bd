import { parentPort, workerData } from 'node:worker_threads';
import type { TabularRow } from '@vitrine/inference';
import { answerFold, type FoldTask } from './fold-answer.js';
import { countListings } from './listing-corpus.js';
import { LISTING_FIELDS } from './listing-task.js';

/** A thread that answers folds of one cross-validation until it is told to end. */
const { rows } = workerData as { rows: TabularRow[] };
const corpus = countListings(rows, LISTING_FIELDS);
parentPort?.on('message', (task: FoldTask) => parentPort?.postMessage(answerFold(corpus, task)));
