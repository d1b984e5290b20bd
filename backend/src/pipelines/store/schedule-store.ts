import { Injectable } from '@nestjs/common';
import { PipelinesPool, type Queryable } from './pipelines-pool.js';

/** How far a pipeline's schedule has come. */
export interface ScheduleRecord {
  pipelineId: string;
  isPaused: boolean;
  pausedBy: string | null;
  /** Start of the newest interval a run was made for; null before the first. */
  lastScheduledFor: Date | null;
}

const COLUMNS = `
  pipeline_id AS "pipelineId", is_paused AS "isPaused", paused_by AS "pausedBy",
  last_scheduled_for AS "lastScheduledFor"`;

/** Where schedules stand, shared by all workers. */
@Injectable()
export class ScheduleStore {
  constructor(private readonly pool: PipelinesPool) {}

  async list(): Promise<ScheduleRecord[]> {
    return (await this.pool.query<ScheduleRecord>(`SELECT ${COLUMNS} FROM pipeline_schedules`)).rows;
  }

  /** Pauses or resumes; a schedule goes on where it was. */
  async setPaused(pipelineId: string, isPaused: boolean, by: string): Promise<void> {
    await this.pool.query(
      `INSERT INTO pipeline_schedules (pipeline_id, is_paused, paused_by) VALUES ($1, $2, $3)
       ON CONFLICT (pipeline_id) DO UPDATE
       SET is_paused = $2, paused_by = $3, updated_at = clock_timestamp()
       WHERE pipeline_schedules.is_paused <> $2`,
      [pipelineId, isPaused, isPaused ? by : null],
    );
  }

  /** The schedule's row, made where it is missing and locked until the transaction ends; null where another has it. */
  async tryLock(db: Queryable, pipelineId: string): Promise<ScheduleRecord | null> {
    await db.query('INSERT INTO pipeline_schedules (pipeline_id) VALUES ($1) ON CONFLICT DO NOTHING', [
      pipelineId,
    ]);
    const { rows } = await db.query<ScheduleRecord>(
      `SELECT ${COLUMNS} FROM pipeline_schedules WHERE pipeline_id = $1 FOR UPDATE SKIP LOCKED`,
      [pipelineId],
    );
    return rows[0] ?? null;
  }

  async advance(db: Queryable, pipelineId: string, scheduledFor: Date): Promise<void> {
    await db.query(
      `UPDATE pipeline_schedules SET last_scheduled_for = greatest(last_scheduled_for, $2),
         updated_at = clock_timestamp() WHERE pipeline_id = $1`,
      [pipelineId, scheduledFor],
    );
  }
}
