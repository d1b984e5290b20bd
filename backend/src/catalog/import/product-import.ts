import type { DataSource } from 'typeorm';
import { TimeSlice } from '../../common/load/time-slice.js';
import type { Product } from '../products/entities/product.entity.js';
import { readLayout } from './csv-header.js';
import { readCsvRecords } from './csv-records.js';
import type { ImportReportDto } from './dto/import-report.dto.js';
import { InvalidRowError, readProduct } from './read-product.js';
import type { UploadFile } from './upload-file.js';
import { writeProducts, type WriteCounts } from './write-products.js';

/** Rows of one statement, and the characters of text after which it goes with fewer. */
const BATCH_ROWS = 1_000;
const BATCH_CHARACTERS = 2 * 1024 * 1024;
/** Rejected rows that are told one by one. */
const MAX_REJECTIONS = 100;
/** How long rows may keep the event loop. */
const SLICE_MS = 3;

/**
 * Stores the rows of one file, batch by batch: each is one statement, stored whole or not at all. The next batch is
 * read while the one before is written, so that two are in memory at a time.
 */
export class ProductImport {
  private readonly start = performance.now();
  private readonly slice = new TimeSlice(SLICE_MS);
  private batch: Product[] = [];
  private batchCharacters = 0;
  private writing: Promise<WriteCounts> | null = null;
  private readonly report: ImportReportDto = {
    rows: 0,
    stored: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    rejections: [],
    is_complete: true,
    windows_1252_rows: 0,
    ignored_columns: [],
    duration_ms: 0,
  };

  constructor(
    private readonly dataSource: DataSource,
    private readonly file: UploadFile,
  ) {}

  /** @throws ImportUnreadableError where the first line is not good; otherwise what the database throws */
  async run(): Promise<ImportReportDto> {
    const { delimiter, columns, ignoredColumns, start } = await readLayout(this.file);
    this.report.ignored_columns = ignoredColumns;
    try {
      const records = readCsvRecords(this.file, {
        delimiter,
        width: columns.length,
        start: { offset: start, line: 2 },
      });
      for await (const item of records) {
        await this.slice.breathe();
        if (item.kind === 'record') await this.take(item.line, item.fields, columns);
        else if (item.kind === 'fault') this.reject(item.line, null, item.reason);
        else this.giveUp(item.line, item.reason);
      }
      await this.flush();
    } finally {
      // Where reading failed, what is being written is not left alone.
      await this.settle();
    }
    this.report.duration_ms = Math.round(performance.now() - this.start);
    return this.report;
  }

  private async take(
    line: number,
    fields: readonly string[],
    columns: readonly (keyof Product | null)[],
  ): Promise<void> {
    try {
      const { product, isWindows1252 } = readProduct(fields, columns);
      if (isWindows1252) this.report.windows_1252_rows++;
      this.report.rows++;
      this.batch.push(product);
      this.batchCharacters += (product.description_produit ?? '').length;
    } catch (error) {
      if (!(error instanceof InvalidRowError)) throw error;
      this.reject(line, error.field, error.reason);
    }
    if (this.batch.length >= BATCH_ROWS || this.batchCharacters >= BATCH_CHARACTERS) await this.flush();
  }

  private reject(line: number, field: string | null, reason: string): void {
    this.report.rows++;
    this.report.rejected++;
    if (this.report.rejections.length < MAX_REJECTIONS) this.report.rejections.push({ line, field, reason });
  }

  private giveUp(line: number, reason: string): void {
    this.report.is_complete = false;
    // Told in any case: it explains what is missing.
    this.report.rejections.splice(MAX_REJECTIONS - 1, 1, { line, field: null, reason });
  }

  private async flush(): Promise<void> {
    const batch = this.batch;
    this.batch = [];
    this.batchCharacters = 0;
    await this.settle();
    if (batch.length === 0) return;
    this.writing = writeProducts(this.dataSource, batch);
    // Its failure is met by `settle`; meanwhile it is no unhandled one.
    this.writing.catch(() => undefined);
  }

  private async settle(): Promise<void> {
    const { writing, report } = this;
    this.writing = null;
    if (!writing) return;
    const { inserted, updated, unchanged } = await writing;
    report.inserted += inserted;
    report.updated += updated;
    report.unchanged += unchanged;
    report.stored += inserted + updated + unchanged;
  }
}
