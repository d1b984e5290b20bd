import { DecisionForests, FieldColumns, readText, type TabularRow } from '@vitrine/inference';
import { Random } from '../common/random.js';
import { growAveragedForest } from '../tabular/averaged-forest.js';
import { binColumns } from '../tabular/binned-columns.js';
import type { LearningTask } from './fit-evidence.js';
import { rankCodes } from './rank-codes.js';

const WORD = /[\p{L}]{3,}/gu;
const FLAGS_PER_TEXT = 20;
const TEXT_FIELDS = ['nom_produit', 'description_produit'];
const NUMBERS = ['nb_images', 'longueur_image', 'largeur_image', 'annee', 'prix'];

/**
 * What the usual recipe says of held-out rows: a random forest of 100 trees of depth 10 over 47 columns: five numbers,
 * two codes, and for each text whether it has each of its 20 commonest words. Every model must beat it.
 *
 * @returns probabilities, row-major [testRows × classes]
 */
export function answerByRecipe(
  rows: readonly TabularRow[],
  { trainRows, labels, classes, seed }: LearningTask,
  testRows: Int32Array,
): Float64Array {
  const fields = new FieldColumns({ ...rankCodes(rows, trainRows), numbers: NUMBERS });
  const texts = TEXT_FIELDS.map((field) => ({ field, words: commonestWords(rows, trainRows, field) }));
  const width = fields.names.length + texts.reduce((sum, { words }) => sum + words.length, 0);
  const columnsOf = (picked: Int32Array): Float32Array => {
    const values = new Float32Array(picked.length * width);
    picked.forEach((row, i) => {
      const listing = rows[row] as TabularRow;
      fields.write(listing, values, i * width);
      let next = i * width + fields.names.length;
      for (const { field, words } of texts) {
        const own = wordsOf(listing, field);
        for (const word of words) values[next++] = own.has(word) ? 1 : 0;
      }
    });
    return values;
  };
  const data = binColumns({ values: columnsOf(trainRows), rows: trainRows.length, columns: width });
  const trees = growAveragedForest(
    data,
    Uint8Array.from(trainRows, (row) => labels[row] as number),
    classes,
    {
      trees: 100,
      minLeafRows: 1,
      maxDepth: 10,
      columnShare: 1 / Math.sqrt(width),
      cuts: 'best',
      random: new Random(seed),
    },
  );
  const bias = new Array<number>(classes).fill(0);
  const forests = new DecisionForests([{ name: 'recipe', kind: 'averaged', bias, weight: 1, trees }], 1);
  const values = columnsOf(testRows);
  const out = new Float64Array(testRows.length * classes);
  testRows.forEach((_, i) => out.set(forests.probabilitiesAt(values, i * width), i * classes));
  return out;
}

function wordsOf(row: TabularRow, field: string): Set<string> {
  return new Set(readText(row, field)?.toLowerCase().match(WORD));
}

function commonestWords(rows: readonly TabularRow[], trainRows: Int32Array, field: string): string[] {
  const counts = new Map<string, number>();
  for (const row of trainRows) {
    for (const word of wordsOf(rows[row] as TabularRow, field)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const byCount = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return byCount.slice(0, FLAGS_PER_TEXT).map(([word]) => word);
}
