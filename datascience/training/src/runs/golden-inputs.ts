import type { Modality, ProductInput } from '@vitrine/inference';
import type { DatasetRow } from '../datasets/dataset.js';
import { readInput } from '../evaluation/evaluate-model.js';

/** Golden questions a package: enough to touch many features, few enough to ask at every load. */
const GOLDEN_CASES = 24;

/**
 * Takes golden questions from the test rows, spread over the whole split, each with what the modality reads.
 *
 * @param rows rows that the model answered; a split of fewer rows than needed is gone through again
 */
export async function chooseGoldenInputs(
  rows: readonly DatasetRow[],
  modality: Modality,
): Promise<ProductInput[]> {
  const step = Math.max(1, rows.length / GOLDEN_CASES);
  const inputs: ProductInput[] = [];
  for (let i = 0; i < GOLDEN_CASES; i++) {
    const row = rows[Math.floor(i * step) % rows.length];
    if (row) inputs.push(keepModality(await readInput(row), modality));
  }
  return inputs;
}

function keepModality(input: ProductInput, modality: Modality): ProductInput {
  if (modality === 'text') return { designation: input.designation, description: input.description };
  if (modality === 'image') return { image: input.image };
  return input;
}
