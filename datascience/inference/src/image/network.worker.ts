import { InferenceSession, Tensor } from 'onnxruntime-node';
import { move, workerData } from 'piscina';

/** What the thread is started with. */
export interface NetworkWorkerData {
  /** Absolute path of the ONNX file. */
  path: string;
  intraOpNumThreads: number;
}

/** One batch for the network. */
export interface NetworkTask {
  data: Float32Array;
  /** Batch first, e.g. [8, 3, 224, 224]. */
  dims: readonly number[];
}

let opened: Promise<InferenceSession> | undefined;

/** The session, created on first use. */
function session(): Promise<InferenceSession> {
  const { path, intraOpNumThreads } = workerData as NetworkWorkerData;
  opened ??= InferenceSession.create(path, {
    intraOpNumThreads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  return opened;
}

/** Opens the network and tells the names of its inputs and outputs. */
export async function open(): Promise<{ inputs: string[]; outputs: string[] }> {
  const { inputNames, outputNames } = await session();
  return { inputs: [...inputNames], outputs: [...outputNames] };
}

/** Runs the network's only input to its first output, which is handed over flat. */
export async function run(task: NetworkTask): Promise<Float32Array> {
  const network = await session();
  const feeds = { [network.inputNames[0] as string]: new Tensor('float32', task.data, task.dims) };
  const results = await network.run(feeds);
  const output = results[network.outputNames[0] as string];
  if (output?.type !== 'float32') throw new Error('The network gave no float32 output');
  // A copy: the runtime's own memory cannot change hands between threads.
  const values = Float32Array.from(output.data as Float32Array);
  output.dispose();
  return move(values) as unknown as Float32Array;
}

/** Frees the native memory, before the thread ends. */
export async function release(): Promise<void> {
  const network = await opened;
  opened = undefined;
  await network?.release();
}
