import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  OnnxNetwork,
  prepareSquarePhoto,
  SQUARE_PHOTO_DEFAULTS,
  SYMMETRIC_UNIT,
  writeNchw,
} from '@vitrine/inference';
import type { Sequential, Tensor4D } from '@tensorflow/tfjs-node';
import { silentProgress } from '../cli/progress.js';
import { Random } from '../common/random.js';
import { openBackbone } from './backbone.js';
import { appendConvolution, splitLastConvolution } from './last-convolution.js';
import { enlargePhoto } from './layers-model.js';
import { exportOnnx } from './onnx-export.js';
import { appendPooledHead, type PooledHead } from './pooled-head.js';
import { loadTensorflow } from './tensorflow.js';
import { toLayersModel } from './tfjs-layers-model.js';
import { TrainableHead } from './trainable-head.js';

const tf = loadTensorflow();
type AnyLayer = Parameters<Sequential['add']>[0];

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onnx-export-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Gives batch-normalisation and other weights values that training could have left there. */
function randomiseWeights(model: Sequential, seed: number): void {
  const random = new Random(seed);
  model.setWeights(
    model.weights.map(({ shape, name }) => {
      const size = shape.reduce<number>((product, n) => product * (n ?? 1), 1);
      const positive = /variance|gamma/.test(name);
      const values = Float32Array.from({ length: size }, () =>
        positive ? 0.5 + random.next() : 0.3 * random.normal(),
      );
      return tf.tensor([...values], shape as number[]);
    }),
  );
}

async function largestDifference(model: Sequential, sizes: [number, number], batch = 2): Promise<number> {
  const [height, width] = sizes;
  const random = new Random(7);
  const area = height * width;
  const nchw = Float32Array.from({ length: batch * 3 * area }, () => random.normal());
  const nhwc = tf.transpose(tf.tensor([...nchw], [batch, 3, height, width]), [0, 2, 3, 1]);
  const output = model.predict(nhwc) as ReturnType<typeof tf.tensor>;
  const expected = (output.rank === 4 ? tf.transpose(output, [0, 3, 1, 2]) : output).dataSync();
  const path = join(dir, `${Math.random()}.onnx`);
  await writeFile(path, exportOnnx(toLayersModel(model)));
  const network = await OnnxNetwork.open(path);
  const actual = await network.run(nchw, [batch, 3, height, width]);
  await network.dispose();
  expect(actual).toHaveLength(expected.length);
  return actual.reduce((max, value, i) => Math.max(max, Math.abs(value - (expected[i] as number))), 0);
}

const L = tf.layers;
const cases: Record<string, () => AnyLayer[]> = {
  'convolution, same, stride 2': () => [
    L.conv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
  ],
  'convolution, valid, oblong kernel': () => [L.conv2d({ filters: 4, kernelSize: [3, 5], padding: 'valid' })],
  'convolution, dilated': () => [L.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2, padding: 'same' })],
  'depthwise, multiplier 2, stride 2': () => [
    L.depthwiseConv2d({
      kernelSize: 3,
      depthMultiplier: 2,
      strides: 2,
      padding: 'same',
      activation: 'relu6',
    }),
  ],
  separable: () => [L.separableConv2d({ filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' })],
  'batch normalisation, folded': () => [
    L.conv2d({ filters: 5, kernelSize: 3, useBias: false }),
    L.batchNormalization({}),
    L.activation({ activation: 'relu6' }),
    L.depthwiseConv2d({ kernelSize: 3 }),
    L.batchNormalization({ scale: false }),
  ],
  'batch normalisation on its own': () => [L.batchNormalization({ center: false })],
  'batch normalisation after an activation': () => [
    L.conv2d({ filters: 5, kernelSize: 3, activation: 'relu' }),
    L.batchNormalization({}),
  ],
  'largest of a window': () => [L.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  'mean of a window': () => [L.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  'zero padding': () => [
    L.zeroPadding2d({
      padding: [
        [0, 1],
        [2, 3],
      ],
    }),
    L.conv2d({ filters: 2, kernelSize: 3, strides: 2 }),
  ],
  'global mean and dense': () => [
    L.globalAveragePooling2d({}),
    L.dropout({ rate: 0.5 }),
    L.dense({ units: 4, activation: 'tanh' }),
    L.batchNormalization({}),
    L.dense({ units: 3 }),
  ],
  'global largest': () => [L.globalMaxPooling2d({})],
  'flatten and dense': () => [L.conv2d({ filters: 2, kernelSize: 3 }), L.flatten(), L.dense({ units: 3 })],
  activations: () => [
    L.activation({ activation: 'elu' }),
    L.activation({ activation: 'sigmoid' }),
    L.leakyReLU({ alpha: 0.2 }),
    L.reLU({ maxValue: 6 }),
  ],
};

describe('exportOnnx', () => {
  const sizes: [number, number][] = [
    [12, 12],
    [13, 9],
  ];
  describe.each(sizes)('%i × %i', (height, width) => {
    it.each(Object.keys(cases))('answers as TensorFlow does: %s', async (name) => {
      const model = tf.sequential();
      model.add(tf.layers.inputLayer({ inputShape: [height, width, 3] }));
      for (const layer of cases[name]!()) model.add(layer);
      randomiseWeights(model, 3);
      expect(await largestDifference(model, [height, width])).toBeLessThan(1e-4);
    });
  });

  it('enlarges the photo as TensorFlow does', async () => {
    const model = tf.sequential();
    model.add(
      tf.layers.conv2d({ filters: 2, kernelSize: 3, strides: 2, inputShape: [20, 20, 3], padding: 'same' }),
    );
    const path = join(dir, 'enlarged.onnx');
    const plain = toLayersModel(model);
    await writeFile(path, exportOnnx(enlargePhoto({ ...plain, inputShape: [14, 14, 3] }, 20)));
    const random = new Random(1);
    const nchw = Float32Array.from({ length: 2 * 3 * 14 * 14 }, () => random.normal());
    const nhwc = tf.transpose(tf.tensor4d([...nchw], [2, 3, 14, 14]), [0, 2, 3, 1]);
    const enlarged = tf.image.resizeBilinear(nhwc as ReturnType<typeof tf.tensor4d>, [20, 20], true);
    const map = tf.transpose(model.predict(enlarged) as typeof enlarged, [0, 3, 1, 2]).dataSync();
    const network = await OnnxNetwork.open(path);
    const actual = await network.run(nchw, [2, 3, 14, 14]);
    await network.dispose();
    expect(actual).toHaveLength(map.length);
    actual.forEach((value, i) => expect(Math.abs(value - (map[i] as number))).toBeLessThan(1e-4));
  });

  it('leaves out a softmax at the end', () => {
    const model = tf.sequential();
    model.add(tf.layers.globalAveragePooling2d({ inputShape: [8, 8, 3] }));
    model.add(tf.layers.dense({ units: 3, activation: 'softmax', useBias: false }));
    const plain = toLayersModel(model);
    const bytes = Buffer.from(exportOnnx(plain));
    expect(bytes.includes('Softmax')).toBe(false);
  });

  it('names the layer that it cannot write', () => {
    const model = tf.sequential();
    model.add(tf.layers.upSampling2d({ inputShape: [8, 8, 3], name: 'bigger' }));
    const plain = toLayersModel(model);
    expect(() => exportOnnx(plain)).toThrow('The layer "bigger" (UpSampling2D) cannot be exported to ONNX');
  });
});

const shared = resolve(__dirname, '../../../../../shared/backbones/mobilenet-v1-1.0-224');
const describeWithShared = existsSync(shared) ? describe : describe.skip;
if (!existsSync(shared)) process.stderr.write(`skipped: ${shared} is missing\n`);

describeWithShared('exportOnnx with MobileNet v1', () => {
  it('answers as TensorFlow does', async () => {
    const { cut: model } = await openBackbone(shared, dir, silentProgress);
    expect(model.output).toBe('conv_pw_12_relu');
    const tfjs = await tf.loadLayersModel(`file://${shared}/model.json`);
    const path = join(dir, 'mobilenet.onnx');
    await writeFile(path, exportOnnx(model));
    const random = new Random(5);
    const nchw = Float32Array.from({ length: 3 * 224 * 224 }, () => random.next() * 2 - 1);
    const nhwc = tf.transpose(tf.tensor([...nchw], [1, 3, 224, 224]), [0, 2, 3, 1]);
    const map = tfjs.predict(nhwc) as ReturnType<typeof tf.tensor>;
    const expected = tf.transpose(map, [0, 3, 1, 2]).dataSync();
    const network = await OnnxNetwork.open(path);
    const actual = await network.run(nchw, [1, 3, 224, 224]);
    await network.dispose();
    const difference = actual.reduce((max, v, i) => Math.max(max, Math.abs(v - (expected[i] as number))), 0);
    expect(actual).toHaveLength(7 * 7 * 1024);
    expect(difference).toBeLessThan(1e-4);
  });

  const photoDir = resolve(__dirname, '../../../../../shared/data/flipkart/images');
  const itWithPhotos = existsSync(photoDir) ? it : it.skip;
  if (!existsSync(photoDir)) process.stderr.write(`skipped: ${photoDir} is missing\n`);

  itWithPhotos('answers as TensorFlow does on real photos, head included', async () => {
    const { cut } = await openBackbone(shared, dir, silentProgress);
    const last = splitLastConvolution(cut);
    const path = join(dir, 'tail.onnx');
    // The same convolution again, with batch normalisation folded by the code that trains it, under a head.
    const random = new Random(6);
    const columns = 2 * last.bias.length;
    const head: PooledHead = {
      kernel: Float32Array.from({ length: columns * 3 }, () => random.normal()),
      bias: Float32Array.of(0.1, 0, -0.1),
      standardisation: {
        mean: new Float64Array(columns).fill(0.5),
        deviation: new Float64Array(columns).fill(0.7),
      },
    };
    const again = appendConvolution(last.lower, last.lower.output, last, 'again');
    await writeFile(path, exportOnnx(appendPooledHead(again, head)));
    const trainable = new TrainableHead(tf, head);
    const tfjs = await tf.loadLayersModel(`file://${shared}/model.json`);
    const network = await OnnxNetwork.open(path);
    const names = readdirSync(photoDir).filter((_, i) => i % 400 === 0);
    for (const name of names) {
      const { pixels } = await prepareSquarePhoto(readFileSync(join(photoDir, name)), SQUARE_PHOTO_DEFAULTS);
      const nchw = new Float32Array(pixels.length);
      writeNchw(pixels, nchw, 0, SYMMETRIC_UNIT);
      const nhwc = tf.transpose(tf.tensor([...nchw], [1, 3, 224, 224]), [0, 2, 3, 1]);
      const expected = trainable.apply(tfjs.predict(nhwc) as Tensor4D).dataSync();
      const actual = await network.run(nchw, [1, 3, 224, 224]);
      const difference = actual.reduce(
        (max, v, i) => Math.max(max, Math.abs(v - (expected[i] as number))),
        0,
      );
      expect(difference).toBeLessThan(1e-4);
    }
    await network.dispose();
    expect(names.length).toBeGreaterThan(1);
  });
});
