import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportRow } from './feature-cursor.js';

/** Columns with their types; `idx` is a whole number of 64 bits. */
const columns = [
  { name: 'idx', type: 'INT64', repetition_type: 'REQUIRED' },
  { name: 'attr_a', type: 'INT32', repetition_type: 'REQUIRED' },
  { name: 'attr_b', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'scd_a', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  { name: 'scd_b', type: 'INT32', repetition_type: 'OPTIONAL' },
  { name: 'label', type: 'INT32', repetition_type: 'OPTIONAL' },
] as const satisfies readonly (SchemaElement & { name: keyof ExportRow })[];

const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns];

/** The parts as one Parquet file, a row group each: only one part and its bytes are in memory. */
export async function* writeParquet(parts: AsyncIterable<ExportRow[]>): AsyncGenerator<Uint8Array> {
  const bytes = new DrainedBytes();
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'vitrine' });
  for await (const rows of parts) {
    writer.write({
      columnData: columns.map(({ name }) => ({
        name,
        data: rows.map((row) => (name === 'idx' ? BigInt(row.idx) : row[name])),
      })),
      rowGroupSize: rows.length,
    });
    yield bytes.drain();
  }
  writer.finish();
  yield bytes.drain();
}

/** Keeps what was written until it is taken. */
class DrainedBytes extends ByteWriter {
  /** What was written since the last time. */
  drain(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}
