import type { DataSource } from 'typeorm';
import { buildBulkInsert, type InsertColumn } from '../../common/store/bulk-insert.js';
import type { Product } from '../products/entities/product.entity.js';
import { productColumns } from '../products/product-fields.js';

/** What became of the rows of a batch. */
export interface WriteCounts {
  inserted: number;
  updated: number;
  unchanged: number;
}

const columnTypes: Record<keyof Product, string> = {
  id: 'bigint',
  nb_images: 'integer',
  longueur_image: 'double precision',
  largeur_image: 'double precision',
  description_produit: 'text',
  annee: 'integer',
  couleur: 'text',
  prix: 'double precision',
  categorie: 'text',
  nom_produit: 'text',
  delai_vente: 'smallint',
};
const insert = buildBulkInsert<Product>(
  'catalog',
  productColumns.map((name): InsertColumn<Product> => [name, columnTypes[name], (row) => row[name]]),
);
/** What a known product becomes. How long it took to be sold is never forgotten for a file that does not say it. */
const changes = productColumns
  .filter((name) => name !== 'id')
  .map((name): [string, string] => [
    name,
    name === 'delai_vente' ? `coalesce(EXCLUDED.${name}, catalog.${name})` : `EXCLUDED.${name}`,
  ]);
const WRITE_PRODUCTS = `${insert.sql}
ON CONFLICT (id) DO UPDATE SET ${changes.map(([name, value]) => `${name} = ${value}`).join(', ')}
WHERE (${changes.map(([name]) => `catalog.${name}`).join(', ')})
IS DISTINCT FROM (${changes.map(([, value]) => value).join(', ')})
RETURNING (xmax = 0) AS is_inserted`;

/**
 * Stores products in one statement, all or none; those that are known by their id are updated where they differ. Of
 * two with the same id the last wins.
 */
export async function writeProducts(
  dataSource: DataSource,
  products: readonly Product[],
): Promise<WriteCounts> {
  const last = new Map(products.map((product) => [product.id, product]));
  // In one order, so that imports at a time wait for each other and never in a circle.
  const rows = [...last.values()].sort((a, b) => a.id - b.id);
  const written = await dataSource.query<{ is_inserted: boolean }[]>(WRITE_PRODUCTS, insert.parameters(rows));
  const inserted = written.filter(({ is_inserted }) => is_inserted).length;
  const repeated = products.length - rows.length;
  return { inserted, updated: written.length - inserted + repeated, unchanged: rows.length - written.length };
}
