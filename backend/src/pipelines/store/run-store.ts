import { Injectable } from '@nestjs/common';
import type { PipelineDefinition } from '../definitions/pipeline-definition.js';
import type { RunParameters } from '../definitions/step.js';
import { sortSteps } from '../definitions/validate-definitions.js';
import { PipelinesPool, type Queryable } from './pipelines-pool.js';
import {
  RUN_COLUMNS,
  STEP_COLUMNS,
  type LogRecord,
  type RunRecord,
  type RunState,
  type RunTrigger,
  type StepRecord,
} from './run-records.js';

/** What a new run is made of. */
export interface NewRun {
  scheduledFor: Date;
  parameters: RunParameters;
  trigger: RunTrigger;
  triggeredBy: string;
}

/** Which runs are listed; all where nothing is said. */
export interface RunFilter {
  pipelineId?: string;
  state?: RunState;
  /** `scheduled_for` not before this, and before that. */
  from?: Date;
  to?: Date;
}

/** Which lines of a log are read. */
export interface LogQuery {
  afterId: number;
  limit: number;
}

const INSERT_RUN = `
INSERT INTO pipeline_runs (pipeline_id, scheduled_for, parameters, trigger, triggered_by, state)
VALUES ($1, $2, $3, $4, $5, 'queued')
ON CONFLICT (pipeline_id, scheduled_for) DO NOTHING RETURNING ${RUN_COLUMNS}`;

const INSERT_STEPS = `
INSERT INTO pipeline_steps (run_id, name, position)
SELECT $1, step.name, step.position FROM unnest($2::text[]) WITH ORDINALITY AS step (name, position)
ON CONFLICT (run_id, name) DO NOTHING`;

const FILTER = `
WHERE ($1::text IS NULL OR pipeline_id = $1) AND ($2::text IS NULL OR state = $2)
  AND ($3::timestamptz IS NULL OR scheduled_for >= $3) AND ($4::timestamptz IS NULL OR scheduled_for < $4)`;

/** Reads and creates runs. */
@Injectable()
export class RunStore {
  constructor(private readonly pool: PipelinesPool) {}

  /** Creates the run of a pipeline for one time, with its steps; null where there is one already. */
  async insert(db: Queryable, definition: PipelineDefinition, run: NewRun): Promise<RunRecord | null> {
    const { scheduledFor, parameters, trigger, triggeredBy } = run;
    const values = [definition.id, scheduledFor, JSON.stringify(parameters), trigger, triggeredBy];
    const { rows } = await db.query<RunRecord>(INSERT_RUN, values);
    const created = rows[0] ?? null;
    if (created) await this.addSteps(db, created.id, definition);
    return created;
  }

  /** Adds the steps that a run lacks, as its pipeline may have got new ones. */
  async addSteps(db: Queryable, runId: string, definition: PipelineDefinition): Promise<void> {
    await db.query(INSERT_STEPS, [runId, sortSteps(definition).map(({ name }) => name)]);
  }

  async find(id: string, db: Queryable = this.pool): Promise<RunRecord | null> {
    const { rows } = await db.query<RunRecord>(`SELECT ${RUN_COLUMNS} FROM pipeline_runs WHERE id = $1`, [
      id,
    ]);
    return rows[0] ?? null;
  }

  /** The run with its row locked until the transaction ends. */
  async lock(db: Queryable, id: string): Promise<RunRecord | null> {
    const sql = `SELECT ${RUN_COLUMNS} FROM pipeline_runs WHERE id = $1 FOR UPDATE`;
    return (await db.query<RunRecord>(sql, [id])).rows[0] ?? null;
  }

  async findByIdentity(
    pipelineId: string,
    scheduledFor: Date,
    db: Queryable = this.pool,
  ): Promise<RunRecord | null> {
    const sql = `SELECT ${RUN_COLUMNS} FROM pipeline_runs WHERE pipeline_id = $1 AND scheduled_for = $2`;
    return (await db.query<RunRecord>(sql, [pipelineId, scheduledFor])).rows[0] ?? null;
  }

  /** Ends a run and what of its steps has not ended; whoever executes them notices. */
  async cancel(db: Queryable, id: string, reason: string): Promise<RunRecord> {
    await db.query(
      `UPDATE pipeline_steps SET state = 'cancelled', error = $2, finished_at = clock_timestamp()
       WHERE run_id = $1 AND state IN ('pending', 'running')`,
      [id, reason],
    );
    const { rows } = await db.query<RunRecord>(
      `UPDATE pipeline_runs SET state = 'cancelled', error = $2, finished_at = clock_timestamp()
       WHERE id = $1 RETURNING ${RUN_COLUMNS}`,
      [id, reason],
    );
    return rows[0]!;
  }

  /** Newest first, with the number of all. */
  async findPage(filter: RunFilter, offset: number, limit: number): Promise<[RunRecord[], number]> {
    const values = [filter.pipelineId ?? null, filter.state ?? null, filter.from ?? null, filter.to ?? null];
    const page = await this.pool.query<RunRecord>(
      `SELECT ${RUN_COLUMNS} FROM pipeline_runs ${FILTER} ORDER BY created_at DESC, id LIMIT $5 OFFSET $6`,
      [...values, limit, offset],
    );
    const count = await this.pool.query<{ total: number }>(
      `SELECT count(*)::integer AS total FROM pipeline_runs ${FILTER}`,
      values,
    );
    return [page.rows, count.rows[0]!.total];
  }

  /** The newest run of each pipeline that has one. */
  async findLatest(): Promise<RunRecord[]> {
    const { rows } = await this.pool.query<RunRecord>(
      `SELECT DISTINCT ON (pipeline_id) ${RUN_COLUMNS} FROM pipeline_runs ORDER BY pipeline_id, created_at DESC, id`,
    );
    return rows;
  }

  /** Steps of a run in the order of its graph. */
  async findSteps(runId: string, db: Queryable = this.pool): Promise<StepRecord[]> {
    const sql = `SELECT ${STEP_COLUMNS} FROM pipeline_steps WHERE run_id = $1 ORDER BY position, name`;
    return (await db.query<StepRecord>(sql, [runId])).rows;
  }

  /** Lines of one step's log, oldest first. */
  async findLogs(runId: string, step: string, { afterId, limit }: LogQuery): Promise<LogRecord[]> {
    const { rows } = await this.pool.query<LogRecord>(
      `SELECT id::float8 AS id, attempt, logged_at AS "loggedAt", level, message FROM pipeline_logs
       WHERE run_id = $1 AND step = $2 AND id > $3 ORDER BY id LIMIT $4`,
      [runId, step, afterId, limit],
    );
    return rows;
  }
}
