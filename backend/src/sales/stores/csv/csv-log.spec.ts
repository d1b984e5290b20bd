import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SalesInput } from '../../bronze/sales-record.js';
import { CSV_HEADER, formatLines, parseLine } from './csv-lines.js';
import { CsvLog } from './csv-log.js';

const records: SalesInput[] = [
  { yearWeek: 202001, rawName: 'Tomate', sales: 489 },
  { yearWeek: 202001, rawName: 'with, comma and "quotes"', sales: 0.1 },
  { yearWeek: 202002, rawName: ' pêche 🥕', sales: 1e9 },
];

describe('CsvLog', () => {
  let dir: string;
  let path: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-csv-log-'));
    path = join(dir, 'sales.csv');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const read = async (): Promise<SalesInput[]> => {
    const found: SalesInput[] = [];
    const log = await CsvLog.open(path, (record) => found.push(record));
    expect(log.lineCount).toBe(found.length);
    await log.close();
    return found;
  };
  const write = async (list: readonly SalesInput[]) => {
    const log = await CsvLog.open(path, () => undefined);
    await log.append(list);
    await log.close();
  };

  it('gives back what was appended, over several openings', async () => {
    await write(records.slice(0, 1));
    await write(records.slice(1));
    expect(await read()).toEqual(records);
    expect((await readFile(path, 'utf8')).split('\n')[1]).toMatch(/^202001,Tomate,489,[0-9a-f]{8}$/);
  });

  it('survives a crash after any byte: whole records stay, and nothing is torn', async () => {
    const content = Buffer.from(CSV_HEADER + formatLines(records));
    const ends = records.map((_, i) => Buffer.byteLength(CSV_HEADER + formatLines(records.slice(0, i + 1))));
    for (let size = 0; size <= content.length; size++) {
      await writeFile(path, content.subarray(0, size));
      expect(await read()).toEqual(records.filter((_, i) => ends[i]! <= size));
      await write(records.slice(0, 1));
      const after = await read();
      expect(after.at(-1)).toEqual(records[0]);
      expect(after).toHaveLength(ends.filter((end) => end <= size).length + 1);
    }
  });

  it('drops a tail of zeros, as a power cut leaves it', async () => {
    await write(records);
    await appendFile(path, Buffer.concat([Buffer.alloc(100), Buffer.from('\n')]));
    expect(await read()).toEqual(records);
  });

  it('refuses a file whose middle is damaged, or that is another', async () => {
    await write(records);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('489', '480'));
    await expect(read()).rejects.toThrow('line 2 is damaged');
    await writeFile(path, 'name,price\nx,1\n'.repeat(10));
    await expect(read()).rejects.toThrow('does not begin with');
    expect(await readFile(path, 'utf8')).toBe('name,price\nx,1\n'.repeat(10));
  });

  it('is written anew whole or not at all', async () => {
    const log = await CsvLog.open(path, () => undefined);
    await log.append([...records, ...records]);
    await log.rewrite([records.slice(0, 1), records.slice(1)]);
    await log.append(records.slice(0, 1));
    await log.close();
    await writeFile(`${path}.new`, 'left by a crash');
    expect(await read()).toEqual([...records, records[0]]);
  });

  it('takes a line cut short for none', () => {
    const [line] = formatLines(records).split('\n');
    expect(parseLine(line!)).toEqual(records[0]);
    for (let length = 0; length < line!.length; length++)
      expect(parseLine(line!.slice(0, length))).toBeNull();
  });

  it('makes a file that was emptied anew', async () => {
    await write(records);
    await truncate(path, 0);
    expect(await read()).toEqual([]);
  });
});
