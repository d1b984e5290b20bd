import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draftTabularPackage, loadTabularPredictor, type TabularRow } from '@vitrine/inference';
import { LISTING_COLUMN_NAMES, makeListings } from '../test-support/listings.js';
import { fitListingModel, predictRows } from './fit-listing-model.js';
import { countListings } from './listing-corpus.js';
import { LISTING_FIELDS, MODEL_FIELDS, OUTCOME_CATEGORIES } from './listing-task.js';
import { packageListingModel } from './package-listing-model.js';

const LISTINGS = makeListings({ rows: 90 });
const ROWS: TabularRow[] = LISTINGS.map((values) =>
  Object.fromEntries(LISTING_COLUMN_NAMES.map((name, i) => [name, values[i]])),
);
const LABELS = Uint8Array.from(LISTINGS, (values) => Number(values.at(-1)));

function fit(labels: Uint8Array) {
  const trainRows = Int32Array.from({ length: 60 }, (_, row) => row);
  const task = { trainRows, labels, classes: 3, innerFolds: 3, seed: 1 };
  return fitListingModel(countListings(ROWS, LISTING_FIELDS), task);
}

describe('listing model', () => {
  const testRows = Int32Array.from({ length: 30 }, (_, i) => 60 + i);
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-listing-model-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('says of unseen rows when served what it said when trained', async () => {
    const model = fit(LABELS);
    const specs = await packageListingModel(model, dir);
    const draft = draftTabularPackage(dir, {
      task: 'time-to-sell',
      categories: OUTCOME_CATEGORIES,
      fields: MODEL_FIELDS,
      ...specs,
      calibration: { temperature: 1, abstentionThreshold: 0 },
      metrics: {} as never,
      datasetHash: 'd',
      testHash: 't',
      gitSha: null,
      runId: 'r',
      seed: 1,
    });
    const predictor = await loadTabularPredictor(draft);
    const served = await predictor.predict(Array.from(testRows, (row) => ROWS[row] as TabularRow));
    const trained = predictRows(model, testRows);
    served.forEach(({ probabilities }, i) =>
      probabilities.forEach((p, k) => expect(p).toBeCloseTo(trained[i * 3 + k] as number, 6)),
    );
  });

  it('never looks at the outcomes of the rows that it is tested on', () => {
    const changed = LABELS.map((label, row) => (row < 60 ? label : (label + 1) % 3));
    expect(predictRows(fit(changed), testRows)).toEqual(predictRows(fit(LABELS), testRows));
  });
});
