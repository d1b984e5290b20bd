import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { DatasetError } from './dataset-error.js';

/** `name.csv` or `name.csv.gz` within a folder, or null where there is neither. */
export function findCsv(dir: string, name: string): string | null {
  const candidates = [join(dir, `${name}.csv`), join(dir, `${name}.csv.gz`)];
  return candidates.find((path) => existsSync(path)) ?? null;
}

/**
 * Streams the records of a CSV file, the header first. Reads gzip by the file's name, a byte-order mark, CRLF or LF,
 * quoted newlines and records of any length; a record may have fewer or more fields than the header.
 *
 * @throws DatasetError where the file cannot be read, unpacked or parsed
 */
export async function* readCsv(path: string): AsyncGenerator<string[]> {
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  // A failure of any stage destroys the parser with that error: the loop below throws it.
  if (path.endsWith('.gz')) pipeline(createReadStream(path), createGunzip(), parser, () => undefined);
  else pipeline(createReadStream(path), parser, () => undefined);
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatasetError(`${path} cannot be read: ${reason}`, { cause: error });
  }
}

/** The bytes of a CSV file: LF, a last newline, quotes where needed. The same records give the same bytes. */
export function formatCsv(header: readonly string[], records: Iterable<readonly string[]>): string {
  return stringify([header, ...records] as string[][], { quoted_match: /[\r\n]/ });
}
