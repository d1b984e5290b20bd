import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentProgress } from '../cli/progress.js';
import { createDataset } from '../datasets/create-dataset.js';
import { formatCsv } from '../datasets/csv-file.js';
import { drawPhoto } from './mean-colour-model.js';

const WORDS = {
  10: ['roman', 'broché', 'tome', 'éditions', 'poche', 'auteur'],
  2582: ['table', 'chaise', 'jardin', 'résine', 'parasol', 'salon'],
  2583: ['pompe', 'bâche', 'filtre', 'chlore', 'échelle', 'liner'],
};

const COLOURS = { 10: '#b03020', 2582: '#207030', 2583: '#2040a0' };
/** Every so many products have a photo that would fit another category. */
const MISLEADING_PHOTO = 5;

/** Makes a created data set of three categories told apart by their words and, where asked for, by their colours. */
export async function writeTinyDataset(
  root: string,
  rowsPerCategory = 30,
  { withPhotos = false } = {},
): Promise<string> {
  const input = join(root, 'catalogue');
  await mkdir(join(input, 'images'), { recursive: true });
  const rows = Object.entries(WORDS).flatMap(([category, words]) =>
    Array.from({ length: rowsPerCategory }, (_, i) => ({
      category,
      designation: [0, 1, 5].map((step) => words[(i + step) % words.length]).join(' '),
      description: `${words[(i * 5) % words.length]} ${i} cm`,
    })),
  );
  const x = rows.map(({ designation, description }, i) => [`${i}`, designation, description, `${i}`, `${i}`]);
  await writeFile(
    join(input, 'X.csv'),
    formatCsv(['', 'designation', 'description', 'productid', 'imageid'], x),
  );
  const y = rows.map(({ category }, i) => [`${i}`, category]);
  await writeFile(join(input, 'y.csv'), formatCsv(['', 'prdtypecode'], y));
  if (withPhotos) await drawPhotos(join(input, 'images'), rows);
  const outputDir = join(root, 'dataset');
  const sizes = { trainSize: 0.8, testSize: 0.2, seed: 42, overwrite: false, strict: false };
  await createDataset({ inputDir: input, outputDir, ...sizes }, silentProgress);
  return outputDir;
}

async function drawPhotos(dir: string, rows: readonly { category: string }[]): Promise<void> {
  const colours = Object.values(COLOURS);
  for (const [i, { category }] of rows.entries()) {
    const own = COLOURS[Number(category) as keyof typeof COLOURS];
    const colour = i % MISLEADING_PHOTO === 0 ? (colours[i % colours.length] as string) : own;
    await writeFile(join(dir, `image_${i}_product_${i}.png`), await drawPhoto(colour));
  }
}
