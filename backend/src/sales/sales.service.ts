import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { readSalesInput } from './bronze/read-sales-input.js';
import { InvalidRecordError, type SalesRecord } from './bronze/sales-record.js';
import type { PostSalesResultDto } from './dto/post-sales-result.dto.js';
import { SalesOverloadedError, SalesRequestError } from './sales.errors.js';
import { NameMatcher } from './silver/name-matcher.js';
import { SalesStore } from './stores/sales-store.js';
import { toRecord } from './stores/to-record.js';
import { WriteQueue, WriteQueueFullError } from './stores/write-queue.js';

/** Records of one list that are read, then written, at a time: others are served in between. */
const CHUNK_RECORDS = 1_000;
const MAX_WAITING_RECORDS = 50_000;

/** Takes weekly sales in. */
@Injectable()
export class SalesService implements OnModuleInit, OnApplicationShutdown {
  private readonly queue: WriteQueue;

  constructor(
    private readonly store: SalesStore,
    private readonly names: NameMatcher,
  ) {
    this.queue = new WriteQueue(store, { maxRecords: CHUNK_RECORDS, maxWaiting: MAX_WAITING_RECORDS });
  }

  async onModuleInit(): Promise<void> {
    await this.store.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.flush();
    await this.store.close();
  }

  /**
   * Stores the valid records of a list, and says of each other one why it is not. When it resolves, what was accepted
   * is durable. A long list is written in parts: where one fails, those before it are stored, and the list may be sent
   * again as it is.
   *
   * @throws SalesRequestError where it is no list, SalesOverloadedError; otherwise what the store throws
   */
  async postSales(body: unknown): Promise<PostSalesResultDto> {
    if (!Array.isArray(body)) {
      throw new SalesRequestError([{ pointer: '#', detail: 'the body must be a list of records' }]);
    }
    const result: PostSalesResultDto = { status: 'success', accepted: 0, replaced: 0, rejected: [] };
    for (let start = 0; start < body.length; start += CHUNK_RECORDS) {
      if (start > 0) await nextTurn();
      const records = this.readRecords(body, start, result.rejected);
      if (records.length === 0) continue;
      const outcomes = await this.write(records);
      result.accepted += outcomes.length;
      result.replaced += outcomes.filter((outcome) => outcome === 'replaced').length;
    }
    return result;
  }

  /** Creates what the store lacks and keeps what it has; with `reset` everything is removed first. */
  async initDatabase(reset: boolean): Promise<void> {
    await this.queue.runAlone(async () => {
      await this.store.open();
      if (reset) await this.store.clear();
    });
  }

  private readRecords(
    body: readonly unknown[],
    start: number,
    rejected: PostSalesResultDto['rejected'],
  ): SalesRecord[] {
    const records: SalesRecord[] = [];
    for (const [offset, value] of body.slice(start, start + CHUNK_RECORDS).entries()) {
      try {
        records.push(toRecord(readSalesInput(value), this.names));
      } catch (error) {
        if (!(error instanceof InvalidRecordError)) throw error;
        rejected.push({ index: start + offset, field: error.field, reason: error.reason });
      }
    }
    return records;
  }

  private async write(records: readonly SalesRecord[]) {
    try {
      return await this.queue.add(records);
    } catch (error) {
      throw error instanceof WriteQueueFullError ? new SalesOverloadedError(error) : error;
    }
  }
}
