/**
 * Preloaded into a training (`node --import`): ends it when whoever started it is gone, also by kill -9. The parent
 * keeps the other end of file descriptor 3 open and never writes; it closes with the parent. A thread listens, for
 * training computes for minutes without giving the event loop a turn.
 */
import { Socket } from 'node:net';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const LIFELINE_FD = 3;
const LISTENER = 'listens for the end of the parent';

if (isMainThread) {
  new Worker(new URL(import.meta.url), { workerData: LISTENER, execArgv: [] }).unref();
} else if (workerData === LISTENER) {
  const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: false });
  // The training leads a process group: what it started ends with it.
  lifeline.on('error', () => undefined).on('close', () => process.kill(-process.pid, 'SIGKILL'));
  lifeline.resume();
}
