import { Piscina } from 'piscina';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { NetworkTask, NetworkWorkerData } from './network.worker.js';

/** How a network is run. */
export interface OnnxNetworkOptions {
  /** Threads within one operator; 1 leaves the other cores to decoding and to the event loop. */
  intraOpNumThreads?: number;
}

/** Compiled code, also when this file runs from its source: a thread starts from JavaScript. */
const workerFile = fileURLToPath(new URL('../../dist/image/network.worker.js', import.meta.url));

/**
 * An ONNX network in a thread of its own: the runtime computes synchronously and would block the event loop.
 * Tasks wait for each other in order.
 */
export class OnnxNetwork {
  private disposed: Promise<void> | undefined;

  private constructor(
    private readonly pool: Piscina<NetworkTask | null, unknown>,
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
    const threads = Math.min(options.intraOpNumThreads ?? 1, availableParallelism());
    const pool = new Piscina<NetworkTask | null, unknown>({
      filename: workerFile,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      workerData: { path, intraOpNumThreads: threads } satisfies NetworkWorkerData,
    });
    try {
      const names = (await pool.run(null, { name: 'open' })) as { inputs: string[]; outputs: string[] };
      return new OnnxNetwork(pool, names.inputs, names.outputs);
    } catch (error) {
      await pool.destroy();
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
    const output = await this.pool.run({ data, dims }, { name: 'run', transferList: [data.buffer] });
    return output as Float32Array;
  }

  /** Waits for the tasks at hand, frees the native memory and ends the thread. */
  dispose(): Promise<void> {
    this.disposed ??= this.end();
    return this.disposed;
  }

  private async end(): Promise<void> {
    await this.pool.run(null, { name: 'release' });
    await this.pool.destroy();
  }
}
