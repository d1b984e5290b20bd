import { Piscina } from 'piscina';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { NetworkTask, NetworkWorkerData } from './network.worker.js';

/** How a network is run. */
export interface OnnxNetworkOptions {
  /** Threads within one operator; 1 leaves the other cores to decoding and to the event loop. */
  intraOpNumThreads?: number;
  /** Batches computed at the same time, each by a thread and a session of its own. Default 1. */
  workers?: number;
}

/** Compiled code, also when this file runs from its source: a thread starts from JavaScript. */
const workerFile = fileURLToPath(new URL('../../dist/image/network.worker.js', import.meta.url));

/** One thread with its session: a pool of one keeps its tasks in order. */
interface NetworkThread {
  pool: Piscina<NetworkTask | null, unknown>;
  /** Batches begun or waiting. */
  pending: number;
}

/**
 * An ONNX network in threads of its own: the runtime computes synchronously and would block the event loop. A batch
 * goes to the thread with the fewest batches before it.
 */
export class OnnxNetwork {
  private disposed: Promise<void> | undefined;

  private constructor(
    private readonly threads: readonly NetworkThread[],
    /** Names in the file. */
    readonly inputs: readonly string[],
    readonly outputs: readonly string[],
  ) {}

  /**
   * Starts the thread and opens the file.
   *
   * @param path absolute path of the ONNX file
   * @throws Error where the runtime cannot read it
   */
  static async open(path: string, options: OnnxNetworkOptions = {}): Promise<OnnxNetwork> {
    const cores = availableParallelism();
    const intraOpNumThreads = Math.min(options.intraOpNumThreads ?? 1, cores);
    const count = Math.min(options.workers ?? 1, cores);
    const threads = Array.from({ length: count }, () => startThread({ path, intraOpNumThreads }));
    try {
      const opened = await Promise.all(threads.map(({ pool }) => pool.run(null, { name: 'open' })));
      const names = opened[0] as { inputs: string[]; outputs: string[] };
      return new OnnxNetwork(threads, names.inputs, names.outputs);
    } catch (error) {
      await Promise.all(threads.map(({ pool }) => pool.destroy()));
      throw error;
    }
  }

  /**
   * Runs one batch.
   *
   * @param data float32 of shape `dims`; its memory goes to the thread and is empty afterwards
   * @param dims batch first, e.g. [8, 3, 224, 224]
   * @returns the first output, flat, batch first
   */
  async run(data: Float32Array<ArrayBuffer>, dims: readonly number[]): Promise<Float32Array> {
    if (this.disposed) throw new Error('The network was disposed of');
    const thread = this.threads.reduce((least, other) => (other.pending < least.pending ? other : least));
    thread.pending++;
    try {
      const task = { data, dims };
      return (await thread.pool.run(task, { name: 'run', transferList: [data.buffer] })) as Float32Array;
    } finally {
      thread.pending--;
    }
  }

  /** Waits for the tasks at hand, frees the native memory and ends the threads. */
  dispose(): Promise<void> {
    this.disposed ??= this.end();
    return this.disposed;
  }

  private async end(): Promise<void> {
    await Promise.all(
      this.threads.map(async ({ pool }) => {
        await pool.run(null, { name: 'release' });
        await pool.destroy();
      }),
    );
  }
}

function startThread(workerData: NetworkWorkerData): NetworkThread {
  const pool = new Piscina<NetworkTask | null, unknown>({
    filename: workerFile,
    minThreads: 1,
    maxThreads: 1,
    idleTimeout: Infinity,
    workerData,
  });
  return { pool, pending: 0 };
}
