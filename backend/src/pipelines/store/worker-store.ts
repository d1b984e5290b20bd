import { Injectable } from '@nestjs/common';
import { PipelinesPool, type Queryable } from './pipelines-pool.js';

/** A worker that is alive. */
export interface WorkerRecord {
  id: string;
  host: string;
  pid: number;
  startedAt: Date;
  seenAt: Date;
}

/** Who is alive, as far as anybody knows. */
@Injectable()
export class WorkerStore {
  constructor(private readonly pool: PipelinesPool) {}

  async register(id: string, host: string, pid: number): Promise<void> {
    await this.pool.query('INSERT INTO pipeline_workers (id, host, pid) VALUES ($1, $2, $3)', [
      id,
      host,
      pid,
    ]);
  }

  /** Gives a sign of life. False where this worker was declared dead meanwhile. */
  async touch(id: string): Promise<boolean> {
    const sql = 'UPDATE pipeline_workers SET seen_at = clock_timestamp() WHERE id = $1';
    return (await this.pool.query(sql, [id])).rowCount === 1;
  }

  async remove(db: Queryable, id: string): Promise<void> {
    await db.query('DELETE FROM pipeline_workers WHERE id = $1', [id]);
  }

  async list(db: Queryable = this.pool): Promise<WorkerRecord[]> {
    const { rows } = await db.query<WorkerRecord>(
      `SELECT id, host, pid, started_at AS "startedAt", seen_at AS "seenAt" FROM pipeline_workers ORDER BY started_at`,
    );
    return rows;
  }

  /**
   * Declares those dead that have not been seen for a while, and ends their connections: whatever such a worker, if it
   * was only held up, had begun is rolled back.
   *
   * @returns their ids
   */
  async removeLost(db: Queryable, takeoverMs: number): Promise<string[]> {
    const { rows } = await db.query<{ id: string }>(
      `DELETE FROM pipeline_workers WHERE seen_at < clock_timestamp() - $1 * interval '1 millisecond' RETURNING id`,
      [takeoverMs],
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0)
      await db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = ANY($1) AND usename = current_user AND pid <> pg_backend_pid()`,
        [ids],
      );
    return ids;
  }
}
