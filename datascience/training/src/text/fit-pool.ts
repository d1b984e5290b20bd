import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { FitData, FitJob, FitResult } from './fit-job.js';

/** Each thread holds a member of its own, up to 200 MB of it at 85,000 rows: two are fast enough and fit anywhere. */
const MAX_THREADS = 2;
/** Below this many rows a second thread takes longer to start than it spares. */
const ROWS_FOR_TWO_THREADS = 300;

/** Fits make hardly any garbage; the default would let each thread pile up tens of megabytes of it. */
const MAX_YOUNG_GENERATION_MB = 4;

/** Compiled code, also when this file runs from its source: a thread starts from JavaScript. */
const workerFile = fileURLToPath(new URL('../../dist/text/fit.worker.js', import.meta.url));

/**
 * Threads that fit members over one corpus in shared memory; they start while it is being counted. What a fit gives depends on its job alone, never on the
 * number of threads or on their timing.
 */
export class FitPool {
  private readonly pool: Piscina<unknown, FitResult>;

  /** Aborted where telling of a pass failed. */
  private readonly broken = new AbortController();
  private readonly signal: AbortSignal;

  /**
   * @param rows of the corpus, about
   * @param signal ends the threads at once when it is aborted; jobs then reject with its reason
   */
  constructor(rows: number, signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.broken.signal]);
    setMaxListeners(0, this.signal); // one for each job that waits
    const threads = rows < ROWS_FOR_TWO_THREADS ? 1 : Math.min(MAX_THREADS, availableParallelism());
    this.pool = new Piscina({
      filename: workerFile,
      name: 'fit',
      minThreads: threads,
      maxThreads: threads,
      resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_GENERATION_MB },
    });
  }

  /**
   * Fits a member as soon as a thread is free; jobs start in the order they were given.
   *
   * @param data the same at every call
   * @param afterPass called for each pass made
   */
  async fit(data: FitData, job: FitJob, afterPass: () => void): Promise<FitResult> {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', () => {
      try {
        afterPass();
      } catch (error) {
        this.broken.abort(error);
      }
    });
    try {
      return await this.pool.run({ data, job, port: port2 }, { transferList: [port2], signal: this.signal });
    } catch (error) {
      this.signal.throwIfAborted();
      throw error;
    } finally {
      port1.close();
    }
  }

  /** Ends the threads, whatever they do. */
  async dispose(): Promise<void> {
    await this.pool.destroy();
  }
}
