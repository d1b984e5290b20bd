import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  draftPackage,
  finalizePackage,
  loadPredictor,
  ONNX_NETWORK_KIND,
  ONNX_NETWORK_VERSION,
  SQUARE_PHOTO_DEFAULTS,
  SQUARE_PHOTO_KIND,
  SQUARE_PHOTO_VERSION,
  SYMMETRIC_UNIT,
  type ModelPackage,
} from '@vitrine/inference';
import sharp from 'sharp';

/** ONNX, float32 [batch, 3, h, w] → [batch, 2]: the mean of each channel, times [[1, 0], [0, 2], [0.5, −1]], plus [0.25, 0]. */
const NETWORK =
  'CAgSB3ZpdHJpbmU6pgIKKgoFcGhvdG8SBnBvb2xlZBoGcG9vbGVkIhFHbG9iYWxBdmVyYWdlUG9vbAoqCgZwb29sZWQSBGZsYXQaBGZsYXQiB0ZsYXR0ZW4qCwoEYXhpcxgBoAECCiAKBGZsYXQKAXcKAWISBWRlbnNlGgVkZW5zZSIER2VtbQohCgVkZW5zZRIGbG9naXRzGgZsb2dpdHMiCElkZW50aXR5EgduZXR3b3JrKiMKAgMCEAFCAXdKGAAAgD8AAAAAAAAAAAAAAEAAAAA/AACAvyoSCgECEAFCAWJKCAAAgD4AAAAAWiYKBXBob3RvEh0KGwgBEhcKBxIFYmF0Y2gKAggDCgMSAWgKAxIBd2IdCgZsb2dpdHMSEwoRCAESDQoHEgViYXRjaAoCCAJCBAoAEBE=';
const SIZE = 32;

/** Writes a genuine image package: 10 is green, 2583 is not. Its categories are not in ascending order. */
export async function writeMeanColourModel(dir: string): Promise<ModelPackage> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'network.onnx'), Buffer.from(NETWORK, 'base64'));
  const pkg = draftPackage(dir, {
    modality: 'image',
    categories: [
      { id: 2583, label: 'Piscine' },
      { id: 10, label: 'Livre' },
    ],
    processors: [
      {
        kind: SQUARE_PHOTO_KIND,
        version: SQUARE_PHOTO_VERSION,
        config: { ...SQUARE_PHOTO_DEFAULTS, size: SIZE },
        files: {},
      },
    ],
    network: {
      kind: ONNX_NETWORK_KIND,
      version: ONNX_NETWORK_VERSION,
      config: { size: SIZE, ...SYMMETRIC_UNIT, intraOpNumThreads: 1 },
      files: { onnx: 'network.onnx' },
    },
    calibration: { temperature: 1, abstentionThreshold: 0 },
    metrics: {
      accuracy: 1,
      weighted_f1: 1,
      macro_f1: 1,
      log_loss: 0.1,
      ece: 0,
      baseline_accuracy: 0.5,
      n_train: 2,
      n_test: 2,
      train_seconds: 1,
    },
    datasetHash: 'd'.repeat(64),
    testHash: 'e'.repeat(64),
    gitSha: null,
    runId: 'mean-colour',
    seed: 42,
  });
  const predictor = await loadPredictor(pkg);
  try {
    return await finalizePackage(pkg, predictor, [{ image: await drawPhoto('red') }]);
  } finally {
    await predictor.dispose();
  }
}

/** A photo of one colour with a dark frame, so that nothing of it is taken for a white border. */
export function drawPhoto(colour: string): Promise<Buffer> {
  return sharp({ create: { width: 40, height: 40, channels: 3, background: colour } })
    .extend({ top: 2, bottom: 2, left: 2, right: 2, background: '#141414' })
    .png()
    .toBuffer();
}
