import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { DataSource } from 'typeorm';
import type { Product } from '../../products/entities/product.entity.js';
import { productColumns } from '../../products/product-fields.js';

const PART_ROWS = 5_000;
const READ_PART = `
  SELECT ${productColumns.join(', ')} FROM catalog
  WHERE delai_vente IS NOT NULL AND id > $1 ORDER BY id LIMIT ${PART_ROWS}`;

/**
 * Writes the products whose time to sell is known to a CSV file, as an import would read it.
 *
 * @returns how many there are
 */
export async function exportCatalog(dataSource: DataSource, path: string): Promise<number> {
  let rows = 0;
  await pipeline(
    readKnown(dataSource, (count) => (rows += count)),
    stringify({ header: true, columns: productColumns }),
    createWriteStream(path),
  );
  return rows;
}

async function* readKnown(dataSource: DataSource, count: (rows: number) => void): AsyncGenerator<Product> {
  for (let after: unknown = -1; ;) {
    const part = await dataSource.query<Product[]>(READ_PART, [after]);
    if (part.length === 0) return;
    count(part.length);
    yield* part;
    after = part.at(-1)!.id;
  }
}
