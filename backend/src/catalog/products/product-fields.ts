import type { Product } from './entities/product.entity.js';

/** What a column of the catalogue may hold besides nothing. */
export type ProductField =
  | { kind: 'integer'; min: number; max: number }
  | { kind: 'number'; min: number; max: number }
  | { kind: 'text'; maxLength: number };

/** Bounds of `integer` columns. */
const INT_MIN = -2_147_483_648;
const INT_MAX = 2_147_483_647;

/** Every column in the order of the files, with its bounds: the import and the API apply the same. */
export const productFields = {
  id: { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER },
  nb_images: { kind: 'integer', min: 0, max: INT_MAX },
  longueur_image: { kind: 'number', min: 0, max: 1e6 },
  largeur_image: { kind: 'number', min: 0, max: 1e6 },
  description_produit: { kind: 'text', maxLength: 100_000 },
  annee: { kind: 'integer', min: INT_MIN, max: INT_MAX },
  couleur: { kind: 'text', maxLength: 200 },
  prix: { kind: 'number', min: 0, max: 1e9 },
  categorie: { kind: 'text', maxLength: 200 },
  nom_produit: { kind: 'text', maxLength: 2_000 },
  delai_vente: { kind: 'integer', min: 0, max: 2 },
} as const satisfies Record<keyof Product, ProductField>;

/** Names of the columns. */
export const productColumns = Object.keys(productFields) as (keyof Product)[];
