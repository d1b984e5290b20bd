import { Logger } from '@nestjs/common';
import type { PipelinesPool } from '../store/pipelines-pool.js';
import type { WorkerStore } from '../store/worker-store.js';
import type { RunQueue } from './run-queue.js';

/** Any constant: workers take turns on it. */
const REAPER_LOCK = 8_010_011;

/** Runs that wait for an execution which the engine has ended without telling, as it does where the program is at fault. */
const FAIL_BROKEN = `
UPDATE pipeline_runs AS run SET state = 'failed', finished_at = clock_timestamp(),
  error = 'The execution ended unexpectedly (' || coalesce(engine.status, 'it is gone') || '): retry it'
FROM pipeline_runs AS open
LEFT JOIN dbos.workflow_status AS engine ON engine.workflow_uuid = open.id || ':' || open.round
WHERE run.id = open.id AND run.round = open.round AND open.state IN ('queued', 'running')
  AND run.state IN ('queued', 'running') AND open.queued_at < clock_timestamp() - $1 * interval '1 millisecond'
  AND (engine.status IS NULL OR engine.status NOT IN ('ENQUEUED', 'PENDING', 'DELAYED'))
RETURNING run.id`;

/** Finds workers that gave no sign of life for too long and hands their runs to those that live. */
export class Reaper {
  private readonly logger = new Logger('Pipelines');

  constructor(
    private readonly pool: PipelinesPool,
    private readonly workers: WorkerStore,
    private readonly queue: RunQueue,
    private readonly takeoverMs: number,
  ) {}

  /** One look; where another worker is looking, nothing. */
  async reap(): Promise<void> {
    await this.pool.transact(async (client) => {
      const { rows } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1) AS locked',
        [REAPER_LOCK],
      );
      if (!rows[0]!.locked) return;
      const lost = await this.workers.removeLost(this.pool, this.takeoverMs);
      for (const id of lost) this.logger.warn(`Worker ${id} gives no sign of life: its runs are taken over`);
      await this.resumeOrphans();
      const { rowCount } = await client.query(FAIL_BROKEN, [this.takeoverMs]);
      if (rowCount) this.logger.error(`${rowCount} runs ended unexpectedly`);
    });
  }

  /** Whatever is under way by nobody alive is queued again. */
  private async resumeOrphans(): Promise<void> {
    const pending = await this.queue.listPending();
    if (pending.length === 0) return;
    const alive = new Set((await this.workers.list()).map(({ id }) => id));
    const orphans = pending.filter(({ executorId }) => !alive.has(executorId));
    if (orphans.length > 0) await this.queue.resume(orphans);
  }
}
