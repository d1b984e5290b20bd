import { Injectable } from '@nestjs/common';
import { PipelinesPool, type Queryable } from './pipelines-pool.js';
import { RUN_COLUMNS, type RunRecord, type StepState } from './run-records.js';
import type { StepResult } from '../definitions/step.js';

/** One try of one step by one worker: whoever writes about it must still hold it. */
export interface StepClaim {
  runId: string;
  step: string;
  attempt: number;
  workerId: string;
}

/** What came of asking for a step. */
export type BeginResult =
  | { kind: 'claimed'; claim: StepClaim; interruptions: number }
  /** It has ended, in this round or an earlier one. */
  | { kind: 'settled'; state: StepState }
  /** Another worker that is alive is at it. */
  | { kind: 'busy' }
  /** The run was cancelled, or started again under another round; or we were declared dead. */
  | { kind: 'lost' };

/** `$5` beside `running`: what was committed although the answer was lost is written again without harm. */
const HELD = `run_id = $1 AND name = $2 AND attempt = $3 AND worker_id = $4 AND state IN ('running', $5)`;

/** A run may be executed by a worker that is alive, in its present round. */
const CLAIM_RUN = `
UPDATE pipeline_runs SET state = 'running', worker_id = $3, started_at = coalesce(started_at, clock_timestamp())
WHERE id = $1 AND round = $2 AND state IN ('queued', 'running')
  AND EXISTS (SELECT FROM pipeline_workers WHERE id = $3)
RETURNING ${RUN_COLUMNS}`;

const BEGIN = `
UPDATE pipeline_steps AS step
SET state = 'running', attempt = attempt + 1, worker_id = $4, started_at = clock_timestamp(), finished_at = NULL,
  error = NULL, rows_in = NULL, rows_out = NULL, details = NULL,
  interruptions = interruptions + CASE WHEN step.state = 'running' AND step.worker_id <> $4 THEN 1 ELSE 0 END
WHERE step.run_id = $1 AND step.name = $2
  AND (step.state = 'pending' OR (step.state = 'running' AND (step.worker_id = $4
    OR NOT EXISTS (SELECT FROM pipeline_workers AS owner WHERE owner.id = step.worker_id))))
  AND EXISTS (SELECT FROM pipeline_runs WHERE id = $1 AND round = $3 AND state = 'running')
  AND EXISTS (SELECT FROM pipeline_workers WHERE id = $4)
RETURNING attempt, interruptions`;

const LOOK = `
SELECT step.state, run.state AS "runState", run.round, step.worker_id AS "ownerId",
  EXISTS (SELECT FROM pipeline_workers WHERE id = $3) AS "isAlive"
FROM pipeline_steps AS step JOIN pipeline_runs AS run ON run.id = step.run_id
WHERE step.run_id = $1 AND step.name = $2`;

/**
 * What is written about steps while they are executed. Every statement says who writes and about which try: a worker
 * that was declared dead, or whose run was cancelled, changes nothing any more.
 */
@Injectable()
export class StepJournal {
  constructor(private readonly pool: PipelinesPool) {}

  /** Takes a run on, also one whose worker was lost; null where it is not to be executed in this round. */
  async claimRun(runId: string, round: number, workerId: string): Promise<RunRecord | null> {
    return (await this.pool.query<RunRecord>(CLAIM_RUN, [runId, round, workerId])).rows[0] ?? null;
  }

  /** Takes a step that nobody alive is at; the caller itself must not be at it either. */
  async begin(runId: string, step: string, round: number, workerId: string): Promise<BeginResult> {
    const { rows } = await this.pool.query<{ attempt: number; interruptions: number }>(BEGIN, [
      runId,
      step,
      round,
      workerId,
    ]);
    const taken = rows[0];
    if (taken) {
      const { attempt, interruptions } = taken;
      return { kind: 'claimed', claim: { runId, step, attempt, workerId }, interruptions };
    }
    const look = await this.pool.query<{
      state: StepState;
      runState: string;
      round: number;
      ownerId: string | null;
      isAlive: boolean;
    }>(LOOK, [runId, step, workerId]);
    const found = look.rows[0];
    if (!found?.isAlive || found.round !== round) return { kind: 'lost' };
    if (found.state !== 'pending' && found.state !== 'running')
      return { kind: 'settled', state: found.state };
    if (found.runState !== 'running') return { kind: 'lost' };
    return { kind: 'busy' };
  }

  /** Counts another try of the same worker; null where the step is no longer held. */
  async retry(claim: StepClaim): Promise<StepClaim | null> {
    const next = { ...claim, attempt: claim.attempt + 1 };
    const { rowCount } = await this.pool.query(
      `UPDATE pipeline_steps SET attempt = $4, started_at = clock_timestamp()
       WHERE run_id = $1 AND name = $2 AND attempt IN ($3, $4) AND worker_id = $5 AND state = 'running'`,
      [claim.runId, claim.step, claim.attempt, next.attempt, claim.workerId],
    );
    return rowCount === 1 ? next : null;
  }

  /** False where the step is no longer held. */
  succeed(claim: StepClaim, { rowsIn, rowsOut, details }: StepResult): Promise<boolean> {
    const changes = `state = $5, rows_in = $6, rows_out = $7, details = $8, finished_at = clock_timestamp()`;
    return this.end(claim, 'succeeded', changes, [rowsIn, rowsOut, details ? JSON.stringify(details) : null]);
  }

  /** False where the step is no longer held. */
  fail(claim: StepClaim, error: string, details: Readonly<Record<string, unknown>> | null): Promise<boolean> {
    const changes = `state = $5, error = $6, details = $7, finished_at = clock_timestamp()`;
    return this.end(claim, 'failed', changes, [error, details ? JSON.stringify(details) : null]);
  }

  /** Leaves a step that will not be done, as what it depends on did not succeed. */
  async skip(runId: string, step: string, round: number, reason: string): Promise<void> {
    await this.pool.query(
      `UPDATE pipeline_steps SET state = 'skipped', error = $4, finished_at = clock_timestamp()
       WHERE run_id = $1 AND name = $2 AND state = 'pending'
         AND EXISTS (SELECT FROM pipeline_runs WHERE id = $1 AND round = $3 AND state = 'running')`,
      [runId, step, round, reason],
    );
  }

  /** Ends a run whose steps have all ended. False where it has ended already or is another round's. */
  async finishRun(
    db: Queryable,
    runId: string,
    round: number,
    state: 'succeeded' | 'failed',
    error: string | null,
  ): Promise<boolean> {
    const { rowCount } = await db.query(
      `UPDATE pipeline_runs SET state = $3, error = $4, finished_at = clock_timestamp()
       WHERE id = $1 AND round = $2 AND state = 'running'`,
      [runId, round, state, error],
    );
    return rowCount === 1;
  }

  /** Of some steps under way, those that are no longer to be done: cancelled, taken over, started again. */
  async findLost(claims: readonly StepClaim[]): Promise<StepClaim[]> {
    if (claims.length === 0) return [];
    const { rows } = await this.pool.query<{ key: string }>(
      `SELECT run_id || '/' || name AS key FROM pipeline_steps
       WHERE worker_id = $1 AND state = 'running' AND run_id = ANY($2::uuid[])`,
      [claims[0]!.workerId, [...new Set(claims.map(({ runId }) => runId))]],
    );
    const held = new Set(rows.map(({ key }) => key));
    return claims.filter(({ runId, step }) => !held.has(`${runId}/${step}`));
  }

  /** Gives back the steps that a worker leaves unfinished of its own accord. */
  async release(workerId: string): Promise<void> {
    await this.pool.query(
      `UPDATE pipeline_steps SET state = 'pending' WHERE worker_id = $1 AND state = 'running'`,
      [workerId],
    );
  }

  private async end(
    { runId, step, attempt, workerId }: StepClaim,
    state: StepState,
    changes: string,
    values: readonly unknown[],
  ): Promise<boolean> {
    const sql = `UPDATE pipeline_steps SET ${changes} WHERE ${HELD}`;
    const { rowCount } = await this.pool.query(sql, [runId, step, attempt, workerId, state, ...values]);
    return rowCount === 1;
  }
}
