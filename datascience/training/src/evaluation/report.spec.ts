import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import type { DatasetRow } from '../datasets/dataset.js';
import { confusionMatrixPlot, type HistoryRow } from './plots.js';
import { writeReport } from './report.js';

const categories = [
  { id: 10, label: 'Livre' },
  { id: 1940, label: 'Épicerie' },
];
const row = (productId: string, label: number): DatasetRow => ({
  index: productId,
  designation: 'd',
  description: null,
  productId,
  imageId: null,
  imagePath: null,
  label,
});
const evaluation = {
  rows: [row('a', 0), row('b', 0), row('c', 1)],
  labels: Int32Array.of(0, 0, 1),
  probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.25, 0.75),
  classes: 2,
  skipped: [],
};
const calibration = {
  temperature: 1,
  abstentionThreshold: 0.78,
  abstention: { statedPrecision: 0.9, isReached: true, precision: 0.92, coverage: 0.8, rows: 50 },
};
const metrics = {
  accuracy: 2 / 3,
  weighted_f1: 2 / 3,
  macro_f1: 2 / 3,
  log_loss: 0.67,
  ece: 0.1,
  baseline_accuracy: 2 / 3,
  n_train: 5,
  n_test: 3,
  train_seconds: 1,
  stated_precision: 0.9,
  abstention_threshold: 0.78,
  coverage: 2 / 3,
  answered_accuracy: 0.5,
};

describe('writeReport', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-report-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('writes every file, with the right numbers under the right names', async () => {
    const history: HistoryRow[] = [
      { epoch: 1, train_loss: 2 },
      { epoch: 2, train_loss: 1, held_out_accuracy: 0.5 },
    ];
    const title = 'text model';
    const files = await writeReport(dir, { evaluation, categories, metrics, calibration, title, history });
    const csv = async (name: string) => parse(await readFile(join(dir, name))) as string[][];
    expect(await csv('predictions.csv')).toEqual([
      ['productid', 'true', 'predicted', 'probability'],
      ['a', '10', '10', '0.9'],
      ['b', '10', '1940', '0.8'],
      ['c', '1940', '1940', '0.75'],
    ]);
    // One of two books was taken for groceries: row 10, column 1940.
    expect(await csv('confusion_matrix.csv')).toEqual([
      ['true\\predicted', '10', '1940'],
      ['10', '1', '1'],
      ['1940', '0', '1'],
    ]);
    expect(await csv('history.csv')).toEqual([
      ['epoch', 'train_loss', 'held_out_accuracy'],
      ['1', '2', ''],
      ['2', '1', '0.5'],
    ]);
    expect(await csv('coverage.csv')).toEqual([
      ['threshold', 'coverage', 'answered', 'accuracy'],
      ['0.9', '0.3333333333333333', '1', '1'],
      ['0.8', '0.6666666666666666', '2', '0.5'],
      ['0.75', '1', '3', '0.6666666666666666'],
    ]);
    expect(JSON.parse(await readFile(join(dir, 'metrics.json'), 'utf8'))).toEqual(metrics);
    expect(await readFile(join(dir, 'classification_report.txt'), 'utf8')).toMatch(
      /10 Livre +1\.0000 +0\.5000 +0\.6667 +2\n +1940 Épicerie +0\.5000 +1\.0000 +0\.6667 +1\n/,
    );
    expect(await readFile(join(dir, 'classification_report.txt'), 'utf8')).toMatch(
      /stated precision.* 0\.9000\nabstains below.* 0\.7800\ncoverage.* 0\.6667\naccuracy of the answers given +0\.5000\n/,
    );
    for (const name of files.filter((file) => file.endsWith('.png'))) {
      const { dominant } = await sharp(join(dir, name)).stats();
      expect(dominant).toEqual({ r: 248, g: 248, b: 248 });
    }
    expect(files).toHaveLength(11);
  });
});

describe('confusionMatrixPlot', () => {
  it('puts the true category on y and the predicted one on x', () => {
    const spec = confusionMatrixPlot(Uint32Array.of(1, 1, 0, 1), categories, 't') as {
      data: { values: object[] };
      layer: { encoding: { x: { field: string }; y: { field: string } } }[];
    };
    expect(spec.data.values[1]).toEqual({
      true: 'Livre (10)',
      predicted: 'Épicerie (1940)',
      count: 1,
      share: 0.5,
    });
    expect(spec.layer[0]?.encoding).toMatchObject({ x: { field: 'predicted' }, y: { field: 'true' } });
  });
});
