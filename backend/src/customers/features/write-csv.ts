import { stringify } from 'csv-stringify/sync';
import { EXPORT_COLUMNS, type ExportRow } from './feature-cursor.js';

/** The parts as one CSV document; null is empty. */
export async function* writeCsv(parts: AsyncIterable<ExportRow[]>): AsyncGenerator<string> {
  yield `${EXPORT_COLUMNS.join(',')}\n`;
  for await (const rows of parts) yield stringify(rows, { columns: [...EXPORT_COLUMNS] });
}
