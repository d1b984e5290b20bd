import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { draftPackage, encodePreparedPhoto, loadPredictor, SQUARE_PHOTO_DEFAULTS } from '@vitrine/inference';
import { silentProgress } from '../cli/progress.js';
import { Random } from '../common/random.js';
import type { Dataset } from '../datasets/dataset.js';
import type { TrainContext, TrainedModel } from '../runs/trainer.js';
import { imageTrainer, type ImageTrainOptions } from './image-trainer.js';
import { loadTensorflow } from './tensorflow.js';

const tf = loadTensorflow();
// Convolutions on a busy machine take their time.
jest.setTimeout(180_000);

const SIZE = SQUARE_PHOTO_DEFAULTS.size;
const categories = [10, 20, 30].map((id) => ({ id, label: `shape ${id}` }));
let dir: string;
let dataset: Dataset;

/** Stripes across, stripes down, or a block: what a photo shows is its category. */
async function drawPhoto(label: number, random: Random): Promise<Buffer> {
  const pixels = new Uint8Array(SIZE * SIZE * 3).fill(255);
  const colour = [random.integer(200), random.integer(200), random.integer(200)];
  const period = 24 + random.integer(16);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const filled = [
        x % period < period / 2,
        y % period < period / 2,
        x > 60 && x < 160 && y > 60 && y < 160,
      ][label];
      if (filled) pixels.set(colour, (y * SIZE + x) * 3);
    }
  }
  return encodePreparedPhoto(pixels, SQUARE_PHOTO_DEFAULTS);
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'image-trainer-'));
  const random = new Random(1);
  const train: Dataset['train'] = [];
  for (let i = 0; i < 45; i++) {
    const label = i % 3;
    const imagePath = i === 7 ? null : join(dir, `${i}.png`);
    if (imagePath) await writeFile(imagePath, i === 8 ? 'not a photo' : await drawPhoto(label, random));
    train.push({
      index: String(i),
      designation: '',
      description: null,
      productId: String(i),
      imageId: String(i),
      imagePath,
      label,
    });
  }
  dataset = { dir, categories, train, test: [], hash: 'd', testHash: 't' };
  await saveTinyBackbone(join(dir, 'backbone'));
});
afterAll(() => rm(dir, { recursive: true }));

/** A tfjs layers model of two random convolutions, as `model.save` writes it. */
async function saveTinyBackbone(folder: string): Promise<void> {
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      filters: 8,
      kernelSize: 5,
      strides: 4,
      padding: 'same',
      inputShape: [SIZE, SIZE, 3],
      useBias: false,
      kernelInitializer: tf.initializers.heNormal({ seed: 3 }),
    }),
  );
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.activation({ activation: 'relu' }));
  model.add(
    tf.layers.conv2d({
      filters: 12,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: 4 }),
    }),
  );
  model.add(tf.layers.globalAveragePooling2d({}));
  model.add(tf.layers.dense({ units: 5 }));
  const weights = model.weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape,
    dtype: 'float32',
  }));
  const data = model.getWeights().map((tensor) => Buffer.from(Float32Array.from(tensor.dataSync()).buffer));
  await mkdir(folder);
  await writeFile(join(folder, 'weights.bin'), Buffer.concat(data));
  await writeFile(
    join(folder, 'model.json'),
    JSON.stringify({
      format: 'layers-model',
      modelTopology: model.toJSON(null, false),
      weightsManifest: [{ paths: ['weights.bin'], weights }],
    }),
  );
}

function contextFor(
  name: string,
  changes: Partial<ImageTrainOptions>,
  extra: Partial<TrainContext<ImageTrainOptions>> = {},
): TrainContext<ImageTrainOptions> & { warnings: string[] } {
  const warnings: string[] = [];
  return {
    dataset,
    options: {
      inputDir: dir,
      outputDir: dir,
      batchSize: 16,
      epochs: 2,
      trainPatience: 5,
      seed: 3,
      dataAugmentation: true,
      fineTune: false,
      cacheDir: join(dir, 'cache'),
      baseModel: join(dir, 'backbone'),
      ...changes,
    },
    modelDir: join(dir, name, 'model'),
    checkpointDir: join(dir, name, 'checkpoint'),
    progress: { ...silentProgress, warn: (message) => void warnings.push(message) },
    logEpoch: async () => undefined,
    signal: new AbortController().signal,
    ...extra,
    warnings,
  };
}

async function train(context: TrainContext<ImageTrainOptions>): Promise<TrainedModel> {
  await mkdir(context.modelDir, { recursive: true });
  await mkdir(context.checkpointDir, { recursive: true });
  return imageTrainer.train(context);
}

/** Probabilities of training photos by the packaged model, through the predictor that serves. */
async function predict(
  context: TrainContext<ImageTrainOptions>,
  trained: TrainedModel,
  rows: number[],
): Promise<number[][]> {
  const zeros = { accuracy: 0, weighted_f1: 0, macro_f1: 0, log_loss: 0, ece: 0, baseline_accuracy: 0 };
  const predictor = await loadPredictor(
    draftPackage(context.modelDir, {
      modality: 'image',
      categories,
      processors: trained.processors,
      network: trained.network,
      calibration: { ...trained.calibration, abstentionThreshold: 0 },
      metrics: { ...zeros, n_train: 0, n_test: 0, train_seconds: 0 },
      datasetHash: 'd',
      testHash: 't',
      gitSha: null,
      runId: 'r',
      seed: 3,
    }),
  );
  const inputs = await Promise.all(
    rows.map(async (row) => ({ image: await readFile(dataset.train[row]!.imagePath!) })),
  );
  const predictions = await predictor.predict(inputs);
  await predictor.dispose();
  return predictions.map(({ probabilities }) => [...probabilities]);
}

describe('imageTrainer', () => {
  it('trains a head over a frozen backbone and holds out every readable photo', async () => {
    const context = contextFor('frozen', { epochs: 50 });
    const trained = await train(context);
    expect([...trained.heldOut.rows]).toEqual(
      Array.from({ length: 45 }, (_, i) => i).filter((i) => i !== 7 && i !== 8),
    );
    expect(context.warnings.join()).toMatch(/1 of 45 training rows have no photo.*8\.png/s);
    const [across, down] = await predict(context, trained, [0, 1]);
    expect(across![0]).toBeGreaterThan(0.8);
    expect(down![1]).toBeGreaterThan(0.8);
  });

  it('gives the same network when it is trained again from cached features', async () => {
    const [first, second] = [contextFor('frozen-1', {}), contextFor('frozen-2', {})];
    await train(first);
    await train(second);
    const bytes = await Promise.all(
      [first, second].map(({ modelDir }) => readFile(join(modelDir, 'network.onnx'))),
    );
    expect(bytes[0]!.equals(bytes[1]!)).toBe(true);
  });

  it('trains the last convolution, holds out every readable photo and never does worse than the frozen one', async () => {
    const frozen = await train(contextFor('beside', { epochs: 5, dataAugmentation: false }));
    const context = contextFor('last', { fineTune: 'last', epochs: 5, dataAugmentation: false });
    const trained = await train(context);
    expect([...trained.heldOut.rows]).toEqual([...frozen.heldOut.rows]);
    const loss = ({ heldOut: { rows, probabilities } }: TrainedModel) =>
      rows.reduce((sum, row, i) => sum - Math.log(probabilities[i * 3 + (row % 3)]!), 0);
    expect(loss(trained)).toBeLessThanOrEqual(loss(frozen) + 1e-3);
    const [across, down] = await predict(context, trained, [0, 1]);
    expect(across![0]).toBeGreaterThan(0.5);
    expect(down![1]).toBeGreaterThan(0.5);
  });

  it('keeps the backbone as it is where training all of it does not help', async () => {
    const options = { dataAugmentation: false, epochs: 1 };
    const frozen = await train(contextFor('kept beside', options));
    const context = contextFor('kept', { ...options, fineTune: 'all' });
    const trained = await train(context);
    expect(trained.params.epochs_trained).toBeUndefined();
    expect(trained.heldOut).toEqual(frozen.heldOut);
  });

  it('packages a network trained from scratch that answers as it did in training', async () => {
    const context = contextFor('scratch', { baseModel: 'none' });
    const trained = await train(context);
    const rows = [...trained.heldOut.rows];
    const served = await predict(context, trained, rows);
    // Training computes on pixels rounded to bytes after their reduction.
    served
      .flat()
      .forEach((p, i) => expect(Math.abs(p - trained.heldOut.probabilities[i]!)).toBeLessThan(0.01));
  });

  const kinds: Record<string, Partial<ImageTrainOptions>> = {
    'from scratch': { baseModel: 'none' },
    'of the last convolution': { fineTune: 'last', dataAugmentation: false },
    'of the whole network': { fineTune: 'all', dataAugmentation: false },
  };
  it.each(Object.keys(kinds))('resumes an interrupted training %s to the very same network', async (kind) => {
    const options = { ...kinds[kind], epochs: 3 };
    const whole = contextFor(`whole ${kind}`, options);
    await train(whole);
    const controller = new AbortController();
    const interrupted = contextFor(`interrupted ${kind}`, options, {
      signal: controller.signal,
      logEpoch: async (epoch) => void (epoch === 2 && controller.abort()),
    });
    await expect(train(interrupted)).rejects.toThrow();
    const epochs: number[] = [];
    const resumed = contextFor(`interrupted ${kind}`, options, {
      logEpoch: async (epoch) => void epochs.push(epoch),
    });
    await train(resumed);
    expect(epochs.slice(0, 3)).toEqual([1, 2, 3]);
    const a = await readFile(join(whole.modelDir, 'network.onnx'));
    const b = await readFile(join(resumed.modelDir, 'network.onnx'));
    expect(b.equals(a)).toBe(true);
  });

  it('does not leave tensors behind', async () => {
    await train(contextFor('memory-1', { baseModel: 'none', epochs: 1 }));
    const before = tf.memory().numTensors;
    await train(contextFor('memory-2', { baseModel: 'none', epochs: 2 }));
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('refuses to fine-tune without a base model', async () => {
    const context = contextFor('refused', { baseModel: 'none', fineTune: 'last' });
    await expect(train(context)).rejects.toThrow('--fine-tune needs a base model');
  });
});
