import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { softmax } from '../common/softmax.js';
import { draftPackage, type ManifestDraft } from '../package/finalize-package.js';
import { loadImagePredictor, ONNX_NETWORK_KIND } from './image-predictor.js';
import { SYMMETRIC_UNIT } from './network-input.js';
import { SQUARE_PHOTO_DEFAULTS, SQUARE_PHOTO_KIND } from './square-photo.js';
import { MEAN_COLOUR_NETWORK } from './testing/tiny-networks.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'image-predictor-'));
  await writeFile(join(dir, 'network.onnx'), MEAN_COLOUR_NETWORK);
  await writeFile(join(dir, 'damaged.onnx'), 'not a network');
});
afterAll(() => rm(dir, { recursive: true }));

const metrics = {
  accuracy: 0,
  weighted_f1: 0,
  macro_f1: 0,
  log_loss: 0,
  ece: 0,
  baseline_accuracy: 0,
  n_train: 0,
  n_test: 0,
  train_seconds: 0,
};

function packageWith(changes: Partial<ManifestDraft> = {}) {
  return draftPackage(dir, {
    modality: 'image',
    categories: [
      { id: 10, label: 'red' },
      { id: 20, label: 'green' },
    ],
    processors: [
      { kind: SQUARE_PHOTO_KIND, version: 1, config: { ...SQUARE_PHOTO_DEFAULTS, size: 16 }, files: {} },
    ],
    network: {
      kind: ONNX_NETWORK_KIND,
      version: 1,
      config: { size: 16, ...SYMMETRIC_UNIT },
      files: { onnx: 'network.onnx' },
    },
    calibration: { temperature: 2, abstentionThreshold: 0.9 },
    metrics,
    datasetHash: 'a',
    testHash: 'b',
    gitSha: null,
    runId: 'c',
    seed: 1,
    ...changes,
  });
}

function solid(r: number, g: number, b: number): Promise<Buffer> {
  return sharp({ create: { width: 40, height: 40, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
}

describe('loadImagePredictor', () => {
  it('answers with calibrated probabilities, in order, for more photos than a batch', async () => {
    const predictor = await loadImagePredictor(packageWith());
    const [red, green] = await Promise.all([solid(255, 0, 0), solid(0, 255, 0)]);
    const inputs = Array.from({ length: 11 }, (_, i) => ({ image: i % 2 ? green : red }));
    const predictions = await predictor.predict(inputs);
    await predictor.dispose();
    // Red is (1, −1, −1): logits 1 − 0.5 + 0.25 and −2 + 1. Green is (−1, 1, −1): −1 − 0.5 + 0.25 and 2 + 1.
    const expected = [softmax([0.75, -1], 2), softmax([-1.25, 3], 2)];
    predictions.forEach((prediction, i) => {
      expect(prediction.probabilities[0]).toBeCloseTo(expected[i % 2]![0]!, 5);
      expect(prediction.probabilities[1]).toBeCloseTo(expected[i % 2]![1]!, 5);
      expect(prediction.modality).toBe('image');
      expect(Object.keys(prediction.timings)).toEqual(['decode', 'network']);
    });
    expect(predictions[0]!.abstained).toBe(true);
  });

  it('says what is wrong with an input', async () => {
    const predictor = await loadImagePredictor(packageWith());
    await expect(predictor.predict([{ designation: 'a chair' }])).rejects.toMatchObject({
      code: 'image-missing',
    });
    await expect(predictor.predict([{ image: new Uint8Array() }])).rejects.toMatchObject({
      code: 'image-invalid',
    });
    const answer = await predictor.predict([{ image: await solid(9, 9, 9) }]);
    await predictor.dispose();
    expect(answer).toHaveLength(1);
  });

  it.each([
    [
      'an unknown processor',
      { processors: [{ kind: 'other', version: 1, config: {}, files: {} }] },
      'processor-unknown',
    ],
    [
      'a newer network',
      { network: { kind: ONNX_NETWORK_KIND, version: 2, config: {}, files: {} } },
      'processor-unknown',
    ],
    [
      'a damaged network',
      {
        network: {
          kind: ONNX_NETWORK_KIND,
          version: 1,
          config: { size: 16, ...SYMMETRIC_UNIT },
          files: { onnx: 'damaged.onnx' },
        },
      },
      'file-invalid',
    ],
    ['other categories', { categories: [1, 2, 3].map((id) => ({ id, label: `${id}` })) }, 'file-invalid'],
  ])('refuses %s', async (_, changes, code) => {
    await expect(loadImagePredictor(packageWith(changes))).rejects.toMatchObject({ code });
  });
});
