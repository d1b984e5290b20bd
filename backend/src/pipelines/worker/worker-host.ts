import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import { NestLogger } from '../../common/http/logging.js';
import type { AppConfig } from '../../config/app-config.js';
import { pipelineDefinitions } from '../catalogue/pipeline-definitions.js';
import type { PipelineDefinition } from '../definitions/pipeline-definition.js';
import { describeError } from '../engine/describe-error.js';
import { PipelineWorker } from '../engine/pipeline-worker.js';
import { buildWorkerId } from '../engine/worker-id.js';
import { WorkerModule } from './worker.module.js';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Milliseconds a step waits for a connection: there may be more steps than connections. */
const CONNECT_TIMEOUT_MS = 30_000;

/** What a worker is made of. */
export interface WorkerHostOptions {
  config: AppConfig;
  logger: Logger;
  /** Other pipelines than those of this program. */
  definitions?: readonly PipelineDefinition[];
}

/** Keeps one worker running in this thread: begins again where the database is away or the worker was declared dead. */
export class WorkerHost {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: WorkerHostOptions) {}

  start(): void {
    this.running = this.keepRunning();
  }

  /** Lets steps under way finish, for as long as the configuration says, and hands the rest to other workers. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async keepRunning(): Promise<void> {
    const { signal } = this.stopping;
    const { logger } = this.options;
    for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      try {
        await this.runOnce(() => {
          wait = FIRST_RETRY_MS;
        });
      } catch (error) {
        logger.warn(`Pipelines are not executed here, for now: ${describeError(error)}`);
        await sleep(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** One life of a worker: ends when it is told to stop, or was declared dead. */
  private async runOnce(onStarted: () => void): Promise<void> {
    const context = await this.createContext();
    try {
      const worker = context.get(PipelineWorker);
      const lost = new AbortController();
      await worker.start(() => lost.abort());
      onStarted();
      await once(AbortSignal.any([lost.signal, this.stopping.signal]));
      await worker.stop();
    } finally {
      await context.close();
    }
  }

  private createContext(): Promise<INestApplicationContext> {
    const { config, logger, definitions = pipelineDefinitions } = this.options;
    const database = {
      ...config.database,
      applicationName: buildWorkerId(),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      statementTimeoutMs: 0,
    };
    return NestFactory.createApplicationContext(WorkerModule.forRoot({ ...config, database }, definitions), {
      logger: new NestLogger(logger),
      abortOnError: false,
    });
  }
}

/** Resolves when a signal fires, at once where it has. */
function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
