import type { MessagePort } from 'node:worker_threads';
import { workerData } from 'piscina';
import type { FitData, FitJob, FitResult } from './fit-job.js';
import { MemberFitter } from './member-fit.js';

const fitter = new MemberFitter(workerData as FitData);

/** Fits one member in this thread; the port hears of each pass. */
export function fit({ job, port }: { job: FitJob; port: MessagePort }): FitResult {
  try {
    return fitter.fit(job, () => port.postMessage(null));
  } finally {
    port.close();
  }
}
