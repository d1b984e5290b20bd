import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { PipelineDefinition } from '../definitions/pipeline-definition.js';
import { withDependants } from '../definitions/validate-definitions.js';
import type { RunRecord } from '../store/run-records.js';
import { type NewRun, RunStore } from '../store/run-store.js';
import { PipelinesPool } from '../store/pipelines-pool.js';
import { RunQueue } from './run-queue.js';

const RESTART_RUN = `
UPDATE pipeline_runs SET state = 'queued', round = round + 1, error = NULL, finished_at = NULL,
  queued_at = clock_timestamp(), worker_id = NULL WHERE id = $1`;

/** Steps to do: all that have not succeeded, and those that are named. */
const RESTART_STEPS = `
UPDATE pipeline_steps SET state = 'pending', error = NULL, details = NULL, rows_in = NULL, rows_out = NULL,
  started_at = NULL, finished_at = NULL, interruptions = 0, worker_id = NULL
WHERE run_id = $1 AND (state <> 'succeeded' OR name = ANY($2))`;

/** Creates runs and starts them again; the record and its place in the queue are committed together. */
@Injectable()
export class RunLauncher {
  constructor(
    private readonly runs: RunStore,
    private readonly queue: RunQueue,
    private readonly pool: PipelinesPool,
  ) {}

  /**
   * Does some work in one transaction that may queue runs. What the queue needs is made ready before: a transaction
   * that waited for it would hold a connection that making it needs.
   */
  async transact<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    await this.queue.ready();
    return this.pool.transact(work);
  }

  /** Creates and queues the run of a pipeline for one time; null where there is one already. */
  async launch(client: PoolClient, definition: PipelineDefinition, run: NewRun): Promise<RunRecord | null> {
    const created = await this.runs.insert(client, definition, run);
    if (created) await this.queue.enqueue(client, definition, created);
    return created;
  }

  /**
   * Starts an ended run again: what has not succeeded, or `fromStep` and all that depends on it. The caller holds the
   * run's lock.
   */
  async restart(
    client: PoolClient,
    definition: PipelineDefinition,
    runId: string,
    fromStep: string | null,
  ): Promise<RunRecord> {
    await client.query(RESTART_RUN, [runId]);
    const again = fromStep === null ? [] : [...withDependants(definition, [fromStep])];
    await this.runs.addSteps(client, runId, definition);
    await client.query(RESTART_STEPS, [runId, again]);
    const run = (await this.runs.find(runId, client))!;
    await this.queue.enqueue(client, definition, run);
    return run;
  }
}
