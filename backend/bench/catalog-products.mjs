import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

const given = join(import.meta.dirname, '../../../shared/data/label-emmaus/data.csv.gz');
const words =
  'vase lampe table chaise livre robe veste ancien bleu rouge bois laine parfait état très beau petite grande'.split(
    ' ',
  );

/** Products as a shop has them: those of `--input`, else the real ones beside the project, else made up. */
export function readProducts(input) {
  const path = input ?? (existsSync(given) ? given : null);
  if (path === null)
    return { source: 'made up', products: Array.from({ length: 8_880 }, (_, i) => makeUp(i)) };
  const bytes = readFileSync(path);
  const csv = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return { source: path, products: parse(csv, { columns: true, bom: true }) };
}

/** The products as a file, each with the number that `idOf` gives it. */
export function toCsv(products, idOf = ({ id }) => id) {
  return stringify(
    products.map((product, i) => ({ ...product, id: idOf(product, i) })),
    { header: true },
  );
}

function makeUp(id) {
  const text = Array.from({ length: 50 }, (_, k) => words[(id * 7 + k * k * 3) % words.length]).join(' ');
  return {
    id,
    nb_images: (id % 9) + 1,
    longueur_image: 1_000 + (id % 20) * 100,
    largeur_image: 800 + (id % 7) * 100,
    description_produit: `${text},\n"${id}"`,
    annee: id % 5 === 0 ? 1950 + (id % 70) : '',
    couleur: id % 3 === 0 ? '' : ['Noir', 'Bleu', 'Rouge'][(id % 7) % 3],
    prix: (id % 200) + 0.5,
    categorie: ['mode', 'loisirs', 'librairie'][id % 3],
    nom_produit: `${words[id % words.length]} ${id}`,
    delai_vente: (id * 31 + (id % 7)) % 3,
  };
}
