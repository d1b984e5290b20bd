import { hostname } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AppConfig } from '../../config/app-config.js';
import { PipelineRegistry } from '../definitions/pipeline-registry.js';
import type { ServiceResolver } from '../definitions/step.js';
import { PipelinesPool } from '../store/pipelines-pool.js';
import { RunStore } from '../store/run-store.js';
import { ScheduleStore } from '../store/schedule-store.js';
import { StepJournal } from '../store/step-journal.js';
import { WorkerStore } from '../store/worker-store.js';
import { ActiveSteps } from './active-steps.js';
import { startEngine, stopEngine } from './engine-runtime.js';
import { Heartbeat } from './heartbeat.js';
import { Reaper } from './reaper.js';
import { RunExecutor } from './run-executor.js';
import { RunLauncher } from './run-launcher.js';
import { RunQueue } from './run-queue.js';
import { Scheduler } from './scheduler.js';
import { StepRunner } from './step-runner.js';

/** Milliseconds that steps are given to end after they were told to. */
const ABORT_MS = 4_000;

/** Executes runs in this thread, from registering as alive to handing back what is not finished. */
@Injectable()
export class PipelineWorker {
  private readonly logger = new Logger('Pipelines');
  private readonly active: ActiveSteps;
  private readonly heartbeat: Heartbeat;
  private readonly scheduler: Scheduler;
  private readonly executor: RunExecutor;

  constructor(
    private readonly config: AppConfig,
    private readonly pool: PipelinesPool,
    private readonly queue: RunQueue,
    private readonly workers: WorkerStore,
    registry: PipelineRegistry,
    runs: RunStore,
    private readonly journal: StepJournal,
    schedules: ScheduleStore,
    launcher: RunLauncher,
    modules: ModuleRef,
  ) {
    const resolve: ServiceResolver = (token) => modules.get(token, { strict: false });
    const { heartbeatMs, takeoverMs } = config.pipelines;
    const workerId = this.id;
    this.active = new ActiveSteps(async (runId, round) => {
      const run = await runs.find(runId);
      return run?.state !== 'running' || run.round !== round;
    });
    const steps = new StepRunner(journal, pool, this.active, { workerId, resolve });
    this.executor = new RunExecutor({
      workerId,
      registry,
      pool,
      runs,
      journal,
      launcher,
      active: this.active,
      steps,
    });
    const reaper = new Reaper(pool, workers, queue, takeoverMs);
    this.heartbeat = new Heartbeat(
      { workers, journal, active: this.active, reaper },
      { workerId, heartbeatMs, takeoverMs },
    );
    this.scheduler = new Scheduler({ registry, schedules, launcher, resolve });
  }

  /** Names this worker and its connections. */
  get id(): string {
    return this.config.database.applicationName;
  }

  /**
   * @param onLost is called where this worker was declared dead while it was held up: it is to be closed, and another
   *   one started in its place
   * @throws where the database or the engine's tables cannot be reached
   */
  async start(onLost: () => void): Promise<void> {
    const { concurrency, pollMs } = this.config.pipelines;
    await this.workers.register(this.id, hostname(), process.pid);
    try {
      await startEngine(this.pool, this.executor, { workerId: this.id, concurrency, pollMs });
    } catch (error) {
      await stopEngine().catch(() => undefined);
      await this.workers.remove(this.pool, this.id).catch(() => undefined);
      throw error;
    }
    this.heartbeat.start(onLost);
    this.scheduler.start();
    this.logger.log(`Worker ${this.id} executes up to ${concurrency} runs at a time`);
  }

  /** Lets steps under way finish, for half of the time that stopping may take, and hands what is not finished to other workers at once. */
  async stop(): Promise<void> {
    await this.scheduler.stop();
    this.active.close();
    await this.active.drain(this.config.server.shutdownTimeoutMs / 2);
    this.active.abort(this.active.claims, new Error('The worker stops'));
    await this.active.drain(ABORT_MS);
    await this.heartbeat.stop();
    await stopEngine();
    await this.handBack().catch((error: unknown) => {
      this.logger.warn(`What is not finished waits until this worker counts as lost: ${String(error)}`);
    });
  }

  private async handBack(): Promise<void> {
    await this.workers.remove(this.pool, this.id);
    await this.journal.release(this.id);
    const own = (await this.queue.listPending()).filter(({ executorId }) => executorId === this.id);
    if (own.length > 0) await this.queue.resume(own);
  }
}
