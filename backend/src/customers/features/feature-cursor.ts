import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** The columns of an export, in their order. */
export const EXPORT_COLUMNS = ['idx', 'attr_a', 'attr_b', 'scd_a', 'scd_b', 'label'] as const;

/** A row of an export. */
export interface ExportRow {
  /** Whole numbers beyond a double's are not to be expected, and would lose digits here. */
  idx: number;
  attr_a: number;
  attr_b: string;
  scd_a: number | null;
  scd_b: number | null;
  label: number | null;
}

/** Rows in memory at a time. */
const PART_ROWS = 20_000;
const DECLARE = `
BEGIN READ ONLY; DECLARE features NO SCROLL CURSOR FOR
SELECT idx::double precision AS idx, attr_a, attr_b, scd_a, scd_b, label FROM feature_store ORDER BY idx`;

/** Reads the whole feature store, as it was when the reading began, in parts. */
@Injectable()
export class FeatureCursor {
  constructor(private readonly dataSource: DataSource) {}

  /** Parts in the order of `idx`. Whoever stops early returns the connection by `return()`, as `for await` does. */
  async *readParts(): AsyncGenerator<ExportRow[]> {
    const runner = this.dataSource.createQueryRunner();
    await runner.connect();
    try {
      await runner.query(DECLARE);
      for (;;) {
        const rows = (await runner.query(`FETCH ${PART_ROWS} FROM features`)) as ExportRow[];
        if (rows.length === 0) return;
        yield rows;
      }
    } finally {
      await runner.query('ROLLBACK').catch(() => undefined);
      await runner.release();
    }
  }
}
