import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { OverloadedError } from '../../common/errors/overloaded.error.js';
import { AdmissionGate, AdmissionRefusedError } from '../../common/load/admission-gate.js';
import { FeatureCursor } from './feature-cursor.js';
import { writeCsv } from './write-csv.js';
import { writeParquet } from './write-parquet.js';

/** Each holds a connection to the database for as long as its reader takes. */
const MAX_EXPORTS = 2;

/** The forms of an export. */
export const EXPORT_FORMATS = {
  csv: { contentType: 'text/csv; charset=utf-8', write: writeCsv },
  parquet: { contentType: 'application/vnd.apache.parquet', write: writeParquet },
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** The whole feature store as a file, streamed: the offline side of the feature store. */
@Injectable()
export class FeatureExport {
  private readonly gate = new AdmissionGate(MAX_EXPORTS, 0);

  constructor(private readonly cursor: FeatureCursor) {}

  /**
   * A stream of the file's bytes, of one moment. Destroy it to stop early.
   *
   * @throws OverloadedError where others are exporting already
   */
  open(format: ExportFormat): Readable {
    const leave = this.enter();
    const content = EXPORT_FORMATS[format].write(this.cursor.readParts()) as AsyncIterable<
      string | Uint8Array
    >;
    return Readable.from(content, { objectMode: false }).once('close', leave);
  }

  private enter(): () => void {
    try {
      return this.gate.enter();
    } catch (error) {
      throw error instanceof AdmissionRefusedError ? new OverloadedError(error) : error;
    }
  }
}
