import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isDatabaseUnavailable } from '../../common/errors/database-errors.js';
import type { StepJournal } from '../store/step-journal.js';
import type { WorkerStore } from '../store/worker-store.js';
import type { ActiveSteps } from './active-steps.js';
import type { Reaper } from './reaper.js';

/** Whose signs of life, how often, and after how long a silent worker counts as lost; in milliseconds. */
export interface HeartbeatOptions {
  workerId: string;
  heartbeatMs: number;
  takeoverMs: number;
}

/** What a heartbeat does besides. */
export interface HeartbeatParts {
  workers: WorkerStore;
  journal: StepJournal;
  active: ActiveSteps;
  reaper: Reaper;
}

/** Gives signs of life, stops steps that are no longer ours, and looks for workers that were lost. */
export class Heartbeat {
  private readonly logger = new Logger('Pipelines');
  private readonly stopping = new AbortController();
  private beating: Promise<void> = Promise.resolve();
  /** Since when signs of life have reached the database without a gap. */
  private steadySince = Date.now();
  private lastBeat = Date.now();

  constructor(
    private readonly parts: HeartbeatParts,
    private readonly options: HeartbeatOptions,
  ) {}

  /** @param onLost is called once, where this worker was declared dead while it was held up */
  start(onLost: () => void): void {
    this.beating = this.beat(onLost);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.beating;
  }

  private async beat(onLost: () => void): Promise<void> {
    const { signal } = this.stopping;
    const { heartbeatMs, workerId } = this.options;
    while (!signal.aborted) {
      const isAlive = await this.beatOnce().catch((error: unknown) => {
        this.steadySince = Date.now();
        if (!isDatabaseUnavailable(error)) this.logger.warn(`No sign of life was given: ${String(error)}`);
        return true;
      });
      if (!isAlive) {
        const reason = new Error(`Worker ${workerId} was held up for too long: others have its runs`);
        this.parts.active.close();
        this.parts.active.abort(this.parts.active.claims, reason);
        this.logger.warn(reason.message);
        onLost();
        return;
      }
      await sleep(heartbeatMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async beatOnce(): Promise<boolean> {
    const { workers, journal, active, reaper } = this.parts;
    const { workerId, takeoverMs } = this.options;
    const now = Date.now();
    // After a pause of this process, or of the database, everybody looks dead: wait until they had time to say otherwise.
    if (now - this.lastBeat > takeoverMs / 2) this.steadySince = now;
    this.lastBeat = now;
    if (!(await workers.touch(workerId))) return false;
    const lost = await journal.findLost(active.claims);
    active.abort(lost, new Error('The run was cancelled'));
    if (Date.now() - this.steadySince >= takeoverMs) await reaper.reap();
    return true;
  }
}
