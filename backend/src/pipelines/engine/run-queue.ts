import { DBOSClient } from '@dbos-inc/dbos-sdk';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ClientBase } from 'pg';
import type { PipelineDefinition } from '../definitions/pipeline-definition.js';
import { PipelinesPool } from '../store/pipelines-pool.js';
import type { RunRecord } from '../store/run-records.js';
import { buildEngineLogger } from './engine-logger.js';
import { ENGINE_SCHEMA, ensureEngineSchema } from './engine-schema.js';

/** Name under which the engine keeps our work apart from others'. */
export const APPLICATION_NAME = 'vitrine';
/** Never changes: work that an older release has queued is executed by a newer one. */
export const APPLICATION_VERSION = 'pipelines-1';
/** The workflow that executes a run. */
export const RUN_WORKFLOW = 'execute-pipeline-run';
/** Runs that may be executed side by side, oldest first. */
export const SLICE_QUEUE = 'pipeline-slices';
/** Runs that take turns with those of the same pipeline. */
export const EXCLUSIVE_QUEUE = 'pipeline-turns';

/** A run's execution in one round, in the engine's words. */
const workflowIdOf = ({ id, round }: Pick<RunRecord, 'id' | 'round'>): string => `${id}:${round}`;

/** A run's execution that the engine thinks is under way. */
export interface PendingExecution {
  workflowId: string;
  runId: string;
  executorId: string;
  queueName: string;
}

/** Hands runs to the workflow engine, from any process: whoever executes them is another's matter. */
@Injectable()
export class RunQueue implements OnApplicationShutdown {
  private opening: Promise<DBOSClient> | null = null;

  constructor(private readonly pool: PipelinesPool) {}

  /** Makes the engine's tables where they are missing. */
  async ready(): Promise<void> {
    await this.open();
  }

  /** Queues a run's present round, at the commit of the transaction that `client` is in. */
  async enqueue(client: ClientBase, definition: PipelineDefinition, run: RunRecord): Promise<void> {
    const engine = await this.open();
    await engine.enqueueInTransaction<(runId: string, round: number) => Promise<string>>(
      client,
      {
        workflowName: RUN_WORKFLOW,
        workflowID: workflowIdOf(run),
        queueName: definition.isExclusive ? EXCLUSIVE_QUEUE : SLICE_QUEUE,
        ...(definition.isExclusive ? { queuePartitionKey: definition.id } : {}),
      },
      run.id,
      run.round,
    );
  }

  /** Executions that were begun and have not ended, whoever began them. */
  async listPending(): Promise<PendingExecution[]> {
    const engine = await this.open();
    const workflows = await engine.listWorkflows({
      status: 'PENDING',
      workflowName: RUN_WORKFLOW,
      loadInput: false,
      loadOutput: false,
    });
    return workflows.map(({ workflowID, executorId, queueName }) => ({
      workflowId: workflowID,
      runId: workflowID.split(':', 1)[0]!,
      executorId: executorId ?? '',
      queueName: queueName ?? SLICE_QUEUE,
    }));
  }

  /** Queues executions again whose worker is gone: they go on where they stopped. */
  async resume(executions: readonly PendingExecution[]): Promise<void> {
    const engine = await this.open();
    for (const queueName of new Set(executions.map((execution) => execution.queueName))) {
      const ids = executions.filter((execution) => execution.queueName === queueName);
      await engine.resumeWorkflows(
        ids.map(({ workflowId }) => workflowId),
        { queueName },
      );
    }
  }

  async onApplicationShutdown(): Promise<void> {
    const engine = await this.opening?.catch(() => null);
    await engine?.destroy();
  }

  /** The engine's tables are made when they are first needed; a failure is tried again the next time. */
  private open(): Promise<DBOSClient> {
    this.opening ??= this.create().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async create(): Promise<DBOSClient> {
    await ensureEngineSchema(this.pool);
    return DBOSClient.create({
      systemDatabaseUrl: this.pool.url,
      systemDatabasePool: this.pool.pool,
      systemDatabaseSchemaName: ENGINE_SCHEMA,
      applicationName: APPLICATION_NAME,
      logger: buildEngineLogger(),
    });
  }
}
