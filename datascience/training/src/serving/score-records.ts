import {
  InputError,
  isTabularPredictor,
  type AnyPredictor,
  type Prediction,
  type Predictor,
  type ProductInput,
  type TabularPrediction,
} from '@vitrine/inference';
import type { ImageFolder } from './image-folder.js';
import type { ScoringRecord } from './parse-invocation.js';
import { readRecord } from './record-input.js';
import { recordError } from './scoring-error.js';

/** Records read and asked together: photos of more are not in memory at once. */
const SLICE = 16;

/**
 * Answers records in order. A tabular model reads each record's columns as they are: it has a meaning for everything.
 *
 * @throws ScoringError naming the first record that cannot be answered
 */
export async function scoreRecords(
  predictor: AnyPredictor,
  records: readonly ScoringRecord[],
  folder: ImageFolder | null,
): Promise<(Prediction | TabularPrediction)[]> {
  if (isTabularPredictor(predictor)) return predictor.predict(records);
  const { modality } = predictor.manifest;
  const predictions: Prediction[] = [];
  for (let start = 0; start < records.length; start += SLICE) {
    const inputs: ProductInput[] = [];
    for (const [i, record] of records.slice(start, start + SLICE).entries()) {
      inputs.push(await readRecord(record, start + i, { modality, folder }));
    }
    predictions.push(...(await predictSlice(predictor, inputs, start)));
  }
  return predictions;
}

async function predictSlice(
  predictor: Predictor,
  inputs: readonly ProductInput[],
  start: number,
): Promise<Prediction[]> {
  try {
    return await predictor.predict(inputs);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    await findBadRecord(predictor, inputs, start);
    throw error;
  }
}

/** A predictor does not tell which of several inputs is bad: asked one by one it does. */
async function findBadRecord(
  predictor: Predictor,
  inputs: readonly ProductInput[],
  start: number,
): Promise<void> {
  for (const [i, input] of inputs.entries()) {
    await predictor.predict([input]).catch((error: unknown) => {
      throw error instanceof InputError ? recordError(start + i, error.message) : error;
    });
  }
}

/**
 * The protocol's answer: a dictionary a record, as MLflow writes a data frame, with each category's probability by its
 * id in the model's order. Written by hand, for an object would put ids into ascending order.
 */
export function formatPredictions(
  predictor: AnyPredictor,
  predictions: readonly Pick<Prediction, 'probabilities'>[],
): string {
  const keys = predictor.manifest.categories.map(({ id }) => JSON.stringify(String(id)));
  const rows = predictions.map(({ probabilities }) => {
    const fields = Array.from(probabilities, (probability, i) => `${keys[i]}: ${probability}`);
    return `{${fields.join(', ')}}`;
  });
  return `{"predictions": [${rows.join(', ')}]}`;
}
