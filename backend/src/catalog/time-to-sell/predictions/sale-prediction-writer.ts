import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isForeignKeyViolation, isRowError } from '../../../common/errors/database-errors.js';
import { OverloadedError } from '../../../common/errors/overloaded.error.js';
import { buildBulkInsert } from '../../../common/store/bulk-insert.js';
import { GroupCommit, GroupCommitFullError } from '../../../common/store/group-commit.js';
import type { TimeToSellPrediction } from '../entities/time-to-sell-prediction.entity.js';

const MAX_ROWS = 256;
const MAX_CHARACTERS = 4 * 1024 * 1024;
const MAX_WAITING = 4096;
/** A second statement is built while the first one waits for the disk. */
const WRITERS = 2;

/** A prediction with its input as JSON. */
export type StorablePrediction = Omit<TimeToSellPrediction, 'input'> & { input: string };

const insert = buildBulkInsert<StorablePrediction>('time_to_sell_predictions', [
  ['id', 'uuid', (row) => row.id],
  ['created_at', 'timestamptz', (row) => row.createdAt.toISOString()],
  ['user_id', 'uuid', (row) => row.userId],
  ['product_id', 'bigint', (row) => row.productId],
  ['input', 'text', (row) => row.input, 'jsonb'],
  ['probabilities', 'text', (row) => `{${row.probabilities.join(',')}}`, 'double precision[]'],
  ['snapshot_id', 'uuid', (row) => row.snapshotId],
  ['role', 'text', (row) => row.role],
  ['answer_id', 'uuid', (row) => row.answerId],
  ['experiment_id', 'uuid', (row) => row.experimentId],
  ['arm_id', 'uuid', (row) => row.armId],
  ['fallback_reason', 'text', (row) => row.fallbackReason],
]);

/** Stores predictions; each caller waits until its own row is committed. */
@Injectable()
export class SalePredictionWriter implements OnApplicationShutdown {
  private readonly commits = new GroupCommit<StorablePrediction>({
    write: async (rows) => {
      await this.dataSource.query(insert.sql, insert.parameters(rows));
    },
    isRowError,
    maxRows: MAX_ROWS,
    sizeOf: (row) => 512 + row.input.length,
    maxSize: MAX_CHARACTERS,
    maxWaiting: MAX_WAITING,
    writers: WRITERS,
  });

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stores one prediction.
   *
   * @throws OverloadedError where too many are waiting; otherwise what the database throws
   */
  async write(row: StorablePrediction): Promise<void> {
    try {
      await this.commits.add(row);
    } catch (error) {
      if (error instanceof GroupCommitFullError) throw new OverloadedError(error);
      if (!isForeignKeyViolation(error) || row.userId === null) throw error;
      // The user was deleted since the token was checked: what would have become of the row had it been faster.
      await this.write({ ...row, userId: null });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.commits.flush();
  }
}
