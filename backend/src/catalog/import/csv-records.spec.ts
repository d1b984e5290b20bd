import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { readCsvRecords, type CsvItem } from './csv-records.js';
import { UploadFile } from './upload-file.js';

async function read(bytes: Buffer, width: number, delimiter = ','): Promise<CsvItem[]> {
  const file = await UploadFile.receive(Readable.from([bytes]), 100_000_000);
  try {
    const items: CsvItem[] = [];
    const start = { offset: 0, line: 1 };
    for await (const item of readCsvRecords(file, { delimiter, width, start })) items.push(item);
    return items;
  } finally {
    await file.close();
  }
}

describe('readCsvRecords', () => {
  const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r\n', ' ', '\t') });
  const rows = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { maxLength: 30 });

  it('reads what a writer wrote, whatever it is, with its lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom(',', ';', '\t'),
        fc.boolean(),
        async (records, delimiter, isCrlf) => {
          const csv = stringify(records, {
            delimiter,
            quoted: true,
            record_delimiter: isCrlf ? '\r\n' : '\n',
          });
          const bytes = Buffer.from(csv);
          const items = await read(gzipSync(bytes), 3, delimiter);
          const expected: CsvItem[] = [];
          let line = 1;
          for (const fields of records) {
            const latin1 = fields.map((text) => Buffer.from(text).toString('latin1'));
            expected.push({ kind: 'record', line, fields: latin1 });
            line += 1 + fields.join('').split('\n').length - 1;
          }
          expect(items).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const items = await read(Buffer.from(bytes), 2);
        expect(items.every(({ line }) => line >= 1)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('finds the good records on every side of a broken one, over the parts that it reads', async () => {
    const filler = Array.from({ length: 4_000 }, (_, i) => `${i},${'x'.repeat(30)}`);
    const broken = [...filler];
    broken[1_999] = '1999,"never closed';
    const items = await read(Buffer.from(broken.join('\n')), 2);
    expect(items.filter(({ kind }) => kind === 'record')).toHaveLength(3_999);
    expect(items.find(({ kind }) => kind === 'fault')).toMatchObject({ line: 2_000 });
  });
});
