import { createRequire } from 'node:module';
import { env } from 'node:process';
import util from 'node:util';

/** TensorFlow as the trainers use it. */
export type Tensorflow = typeof import('@tensorflow/tfjs-node');

let loaded: Tensorflow | undefined;

/**
 * Loads TensorFlow on first use: only what trains a convolutional network pays for it.
 *
 * @throws Error telling what to do where its native binding is missing
 */
export function loadTensorflow(): Tensorflow {
  if (loaded) return loaded;
  // Its native library reads this when it is loaded: warnings and errors only.
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  restoreRemovedUtilities();
  try {
    loaded = createRequire(import.meta.url)('@tensorflow/tfjs-node') as Tensorflow;
  } catch (cause) {
    throw new Error(
      'TensorFlow could not be loaded: its native binding is missing or does not fit this machine. ' +
        'Run scripts/setup-tensorflow.mjs, which fetches or builds it.',
      { cause },
    );
  }
  return loaded;
}

/** tfjs-node 4 calls `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed. */
function restoreRemovedUtilities(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isNullOrUndefined ??= (value: unknown) => value == null;
  legacy.isArray ??= Array.isArray;
}
