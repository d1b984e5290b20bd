import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isForeignKeyViolation, isRowError } from '../../common/errors/database-errors.js';
import { OverloadedError } from '../../common/errors/overloaded.error.js';
import { GroupCommit, GroupCommitFullError } from '../../common/store/group-commit.js';
import type { Prediction } from '../entities/prediction.entity.js';
import { insertPredictions } from './insert-predictions.js';

const MAX_ROWS = 256;
const MAX_CHARACTERS = 4 * 1024 * 1024;
const MAX_WAITING = 4096;
/** A second statement is built and parsed while the first one waits for the disk. */
const WRITERS = 2;

/** Stores predictions; each caller waits until its own row is committed. */
@Injectable()
export class PredictionWriter implements OnApplicationShutdown {
  private readonly commits = new GroupCommit<Prediction>({
    write: (rows) => this.insert(rows),
    isRowError,
    maxRows: MAX_ROWS,
    sizeOf: (row) => 512 + (row.designation?.length ?? 0) + (row.description?.length ?? 0),
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
  async write(prediction: Prediction): Promise<void> {
    try {
      await this.commits.add(prediction);
    } catch (error) {
      if (error instanceof GroupCommitFullError) throw new OverloadedError(error);
      if (!isForeignKeyViolation(error) || prediction.userId === null) throw error;
      // The user was deleted since the token was checked: what would have become of the row had it been faster.
      await this.write({ ...prediction, userId: null });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.commits.flush();
  }

  private async insert(rows: readonly Prediction[]): Promise<void> {
    await this.dataSource.query(insertPredictions.sql, insertPredictions.parameters(rows));
  }
}
