import { Injectable } from '@nestjs/common';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { CustomerSource, type SourceFile } from '../sources/customer-source.js';
import type { Dataset } from './datasets.js';
import { SourceFileError } from './loading.errors.js';
import { sliceOf, type Month } from './month.js';
import { copyRecords } from './read-records.js';
import { RecordEncoder } from './record-encoder.js';
import type { StepContext, StepResult } from './step.js';
import { transact, type StepTransaction } from './transact.js';

const BEGIN_LOAD = `
INSERT INTO customer_loads (run_id, dataset, slice, file, bytes, modified_at, loaded_at)
VALUES ($1, $2, $3, $4, $5, $6, now())
ON CONFLICT (run_id, dataset, slice) DO UPDATE SET file = excluded.file, bytes = excluded.bytes,
  modified_at = excluded.modified_at, loaded_at = excluded.loaded_at, published_at = NULL
RETURNING id`;

/** Brings files into their staging tables: streamed, checked for their form, in one transaction each. */
@Injectable()
export class FileLoader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly source: CustomerSource,
  ) {}

  /**
   * Replaces what a run has staged of a data set by what the source holds now.
   *
   * @param month which file of a monthly data set
   * @throws SourceFileError where it is missing, cut off, damaged or not of its form: then nothing has changed
   */
  async load(dataset: Dataset, month: Month | null, context: StepContext): Promise<StepResult> {
    const { runId, signal, log } = context;
    const file = await this.find(dataset, month, signal);
    const startedAt = performance.now();
    const rows = await transact(this.dataSource, { signal }, async (transaction) => {
      const load = [runId, dataset.name, sliceOf(month), file.name, file.bytes, file.modifiedAt];
      const [begun] = await transaction.query<{ id: number }>(BEGIN_LOAD, load);
      const { id } = begun!;
      await transaction.query(`DELETE FROM ${dataset.stagingTable} WHERE load_id = $1`, [id]);
      const count = await this.copy(dataset, file, transaction, { loadId: id, signal });
      await transaction.query('UPDATE customer_loads SET rows = $2 WHERE id = $1', [id, count]);
      return count;
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    log(`${file.name}: ${rows} rows in ${seconds.toFixed(2)} s`);
    return { rowsIn: rows, rowsOut: rows, details: { file: file.name, bytes: file.bytes } };
  }

  private async find(dataset: Dataset, month: Month | null, signal: AbortSignal): Promise<SourceFile> {
    const names = dataset.files(month).flatMap((name) => [name, `${name}.gz`]);
    const file = await this.source.find(names, signal);
    if (file) return file;
    const detail = `is missing in ${this.source.location} (looked for ${names.join(', ')})`;
    throw new SourceFileError('missing', { file: names[0]! }, detail);
  }

  private async copy(
    dataset: Dataset,
    file: SourceFile,
    { client }: StepTransaction,
    { loadId, signal }: { loadId: number; signal: AbortSignal },
  ): Promise<number> {
    const content = await file.open(signal);
    const encoder = new RecordEncoder(dataset, file.name, loadId);
    const sql = `COPY ${dataset.stagingTable} (${encoder.columns.join(', ')}) FROM STDIN`;
    return copyRecords(content, {
      file: file.name,
      encoder,
      openTarget: () => client.query(copyFrom(sql)),
      signal,
    });
  }
}
