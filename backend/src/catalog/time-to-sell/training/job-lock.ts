import { Injectable } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';

/** Any constant will do: whoever trains holds it. */
const TRAINING_LOCK = 8_010_002;

/** Gives the place back; calling it again does nothing. */
export type Release = () => Promise<void>;

/**
 * The one place for a training, over all processes: an advisory lock of a connection of its own. Postgres gives it
 * back when the connection ends, hence also where the process is killed.
 */
@Injectable()
export class JobLock {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes the place; null where someone who is alive has it. */
  async tryTake(): Promise<Release | null> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const [row] = (await runner.query('SELECT pg_try_advisory_lock($1) AS taken', [TRAINING_LOCK])) as {
        taken: boolean;
      }[];
      if (row?.taken) return once(() => unlock(runner));
    } catch (error) {
      await runner.release();
      throw error;
    }
    await runner.release();
    return null;
  }
}

async function unlock(runner: QueryRunner): Promise<void> {
  // Where the connection is lost the lock is too.
  await runner.query('SELECT pg_advisory_unlock($1)', [TRAINING_LOCK]).catch(() => undefined);
  await runner.release();
}

function once(work: () => Promise<void>): Release {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}
