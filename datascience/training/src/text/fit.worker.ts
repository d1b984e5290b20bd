import type { MessagePort } from 'node:worker_threads';
import type { FitData, FitJob, FitResult } from './fit-job.js';
import { MemberFitter } from './member-fit.js';

let fitter: MemberFitter | undefined;

/** Fits one member in this thread, on the data of the first call; the port hears of each pass. */
export function fit({ data, job, port }: { data: FitData; job: FitJob; port: MessagePort }): FitResult {
  fitter ??= new MemberFitter(data);
  try {
    return fitter.fit(job, () => port.postMessage(null));
  } finally {
    port.close();
  }
}
