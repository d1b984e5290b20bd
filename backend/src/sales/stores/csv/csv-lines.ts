import { crc32 } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { SalesInput } from '../../bronze/sales-record.js';

/** The checksum (CRC-32 of what stands before its comma) tells a whole line from a torn one. */
export const CSV_HEADER = 'year_week,vegetable,sales,checksum\n';

/** Records as lines of the file. A name holds no line break, so that a record is a line. */
export function formatLines(records: readonly SalesInput[]): string {
  return stringify(records.map(({ yearWeek, rawName, sales }) => [yearWeek, rawName, sales]))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line},${checksum(line)}\n`)
    .join('');
}

/** The record of one line without its end, or null where the line is not whole. */
export function parseLine(line: string): SalesInput | null {
  const comma = line.lastIndexOf(',');
  const content = line.slice(0, Math.max(comma, 0));
  if (comma < 0 || line.slice(comma + 1) !== checksum(content)) return null;
  const [yearWeek, rawName, sales] = splitFields(content);
  return { yearWeek: Number(yearWeek), rawName, sales: Number(sales) };
}

/** Nearly every line has no quotes: those need no parser. */
function splitFields(content: string): [string, string, string] {
  const fields = content.includes('"') ? (parse(content) as string[][])[0]! : content.split(',');
  return fields as [string, string, string];
}

const checksum = (content: string): string => crc32(content).toString(16).padStart(8, '0');
