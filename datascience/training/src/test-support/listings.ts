import { writeFile } from 'node:fs/promises';
import { Random } from '../common/random.js';
import { formatCsv } from '../datasets/csv-file.js';

/** Columns of the catalogue's CSV. */
export const LISTING_COLUMN_NAMES = [
  'id',
  'nb_images',
  'longueur_image',
  'largeur_image',
  'description_produit',
  'annee',
  'couleur',
  'prix',
  'categorie',
  'nom_produit',
  'delai_vente',
];
/** Words that tell how fast a listing sells. */
const WORDS = ['neuf étiquette garanti', 'bon état complet', 'usé abîmé lot'];
const CATEGORIES = ['mode', 'loisirs', 'librairie'];

/** How listings are made up. */
export interface ListingsOptions {
  rows: number;
  seed?: number;
  /** Whether fields tell the outcome; if not, there is nothing to learn. */
  isTelling?: boolean;
}

/**
 * Makes up listings whose price, photos and words tell how fast they sell, three times in four; with empty years and
 * colours, HTML and descriptions of several lines.
 */
export function makeListings({ rows, seed = 1, isTelling = true }: ListingsOptions): string[][] {
  const random = new Random(seed);
  return Array.from({ length: rows }, (_, i) => {
    const outcome = i % 3;
    const hint = isTelling && random.next() < 0.75 ? outcome : random.integer(3);
    const price = Math.round(10 + 20 * hint + 15 * random.next());
    const side = String(random.pick([800, 1100, 2448]) + 300 * hint);
    const lines = random.next() < 0.5 ? '\n' : ' ';
    const description = `Objet n° ${i}, "${WORDS[hint]}".${lines}<p>${random.pick(['Envoi rapide', 'À voir', 'Vintage'])}</p>`;
    return [
      `${i}`,
      `${1 + random.integer(5)}.0`,
      side,
      side,
      description,
      random.next() < 0.8 ? '' : `${1950 + random.integer(70)}.0`,
      random.next() < 0.4 ? '' : random.pick(['Noir', 'Bleu', 'Rouge']),
      `${price}.0`,
      random.pick(CATEGORIES),
      random.next() < 0.1 ? '' : `${random.pick(['Vase', 'Livre', 'Robe'])} ${i}`,
      `${outcome}`,
    ];
  });
}

/** Writes listings as the catalogue's CSV. */
export async function writeListings(path: string, listings: readonly string[][]): Promise<void> {
  await writeFile(path, formatCsv(LISTING_COLUMN_NAMES, listings));
}
