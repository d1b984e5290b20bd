import { DBOS } from '@dbos-inc/dbos-sdk';
import type { PipelinesPool } from '../store/pipelines-pool.js';
import { buildEngineLogger } from './engine-logger.js';
import { ensureEngineSchema } from './engine-schema.js';
import type { DurableStep, RunExecutor } from './run-executor.js';
import {
  APPLICATION_NAME,
  APPLICATION_VERSION,
  EXCLUSIVE_QUEUE,
  RUN_WORKFLOW,
  SLICE_QUEUE,
} from './run-queue.js';

/** The engine's own schedules are not used: it need not look for them. */
const ENGINE_SCHEDULER_MS = 3_600_000;

/** How the engine of one worker takes runs; times in milliseconds. */
export interface EngineOptions {
  workerId: string;
  concurrency: number;
  pollMs: number;
}

/** Who executes runs in this thread: the engine is one a thread, and its workflows are registered before it starts. */
let executor: RunExecutor | null = null;

const durably: DurableStep = (name, work) => DBOS.runStep(work, { name });

DBOS.registerWorkflow(
  (runId: string, round: number): Promise<string> => {
    if (!executor) throw new Error('No worker runs here');
    return executor.execute(runId, round, durably);
  },
  { name: RUN_WORKFLOW },
);

/**
 * Starts executing queued runs in this thread.
 *
 * @throws where the engine's tables cannot be made or reached
 */
export async function startEngine(
  pool: PipelinesPool,
  runs: RunExecutor,
  options: EngineOptions,
): Promise<void> {
  executor = runs;
  DBOS.setConfig({
    name: APPLICATION_NAME,
    systemDatabaseUrl: pool.url,
    systemDatabasePool: pool.pool,
    executorID: options.workerId,
    applicationVersion: APPLICATION_VERSION,
    listenQueues: [SLICE_QUEUE, EXCLUSIVE_QUEUE],
    maxConcurrentQueueDispatches: 2,
    schedulerPollingIntervalMs: ENGINE_SCHEDULER_MS,
    useListenNotify: false,
    logger: buildEngineLogger(),
  });
  await ensureEngineSchema(pool);
  await DBOS.launch();
  const common = {
    workerConcurrency: options.concurrency,
    minPollingIntervalMs: options.pollMs,
    onConflict: 'always_update',
  } as const;
  await DBOS.registerQueue(SLICE_QUEUE, common);
  await DBOS.registerQueue(EXCLUSIVE_QUEUE, { ...common, partitionConcurrency: 1 });
}

/** Stops taking runs; those under way stay as they are for whoever takes them over. */
export async function stopEngine(): Promise<void> {
  await DBOS.shutdown();
  executor = null;
}
