import { openModelStore, type ModelStore } from '@vitrine/mlflow';
import { readEnvironment, type Environment } from '../environment.js';
import { createProgress, type Progress } from './progress.js';

/** What every command that touches models needs. */
export interface Session {
  environment: Environment;
  store: ModelStore;
  progress: Progress;
  /** Aborted at the first Ctrl-C; the second ends the process at once. */
  signal: AbortSignal;
}

/**
 * Opens the store that the environment names and listens for Ctrl-C.
 *
 * @param options.onStop what Ctrl-C says
 */
export function openSession({
  onStop = 'stopping; the same command resumes from the last checkpoint',
} = {}): Session {
  const environment = readEnvironment();
  const controller = new AbortController();
  const stop = () => {
    process.stderr.write(`\n${onStop}\n`);
    controller.abort(new Error('stopped'));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return {
    environment,
    store: openModelStore(environment),
    progress: createProgress(),
    signal: controller.signal,
  };
}
