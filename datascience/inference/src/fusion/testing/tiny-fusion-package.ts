import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadImagePredictor, ONNX_NETWORK_KIND, ONNX_NETWORK_VERSION } from '../../image/image-predictor.js';
import { SYMMETRIC_UNIT } from '../../image/network-input.js';
import { SQUARE_PHOTO_DEFAULTS, SQUARE_PHOTO_KIND, SQUARE_PHOTO_VERSION } from '../../image/square-photo.js';
import { MEAN_COLOUR_NETWORK } from '../../image/testing/tiny-networks.js';
import { draftPackage, finalizePackage, type ManifestDraft } from '../../package/finalize-package.js';
import type { Category } from '../../package/manifest.js';
import type { ModelPackage } from '../../package/model-package.js';
import type { Predictor, ProductInput } from '../../predictor.js';
import { hashWord } from '../../text/ngram-hash.js';
import { loadTextPredictor } from '../../text/text-predictor.js';
import { FUSION_HEAD_KIND, FUSION_HEAD_VERSION, FUSION_MEMBERS, type FusionHead } from '../fusion-head.js';
import { loadFusionPredictor } from '../fusion-predictor.js';

/** Reddish and greenish things. */
export const TINY_CATEGORIES: Category[] = [
  { id: 10, label: 'red' },
  { id: 20, label: 'green' },
];
const SIZE = 16;

const weights = (base: number) => ({ base, byTextConfidence: 0, byImageConfidence: 0, perCategory: [0, 0] });
/** Weighs the photo half as much as the text. */
export const TINY_HEAD: FusionHead = {
  floor: 0.01,
  text: weights(1),
  image: weights(0.5),
  bias: [0.1, 0],
  keeps: null,
};

/** The head's manifest entry. */
export const TINY_NETWORK: ManifestDraft['network'] = {
  kind: FUSION_HEAD_KIND,
  version: FUSION_HEAD_VERSION,
  config: { members: FUSION_MEMBERS },
  files: { head: 'head.json' },
};

/** Writes a genuine text package: the words "rouge" and "vert" decide. */
export async function writeTinyText(dir: string, categories = TINY_CATEGORIES): Promise<ModelPackage> {
  await mkdir(dir, { recursive: true });
  const words = [hashWord('rouge'), hashWord('vert')];
  const terms = (hashes: number[]) =>
    Buffer.concat([Buffer.from(Uint32Array.from(hashes).buffer), floats(...hashes.map(() => 1))]);
  await writeFile(join(dir, 'words.bin'), terms(words));
  await writeFile(join(dir, 'characters.bin'), terms([1]));
  const byWord = Buffer.from(Int8Array.of(100, -100, -100, 100, 0, 0).buffer);
  const priors = floats(Math.log(0.5), Math.log(0.5));
  const network = Buffer.concat([floats(0, 0), priors, floats(0.01, 0.01, 0.01), byWord]);
  await writeFile(join(dir, 'network.bin'), network);
  const manifest = draft('text', categories, {
    processors: [
      {
        kind: 'text-ngrams',
        version: 1,
        config: { words: 2, characters: 1 },
        files: { words: 'words.bin', characters: 'characters.bin' },
      },
    ],
    network: {
      kind: 'linear-text',
      version: 1,
      config: { columns: 3, classes: 2 },
      files: { weights: 'network.bin' },
    },
  });
  return finish(dir, manifest, loadTextPredictor, [{ designation: 'rouge' }]);
}

/** Writes a genuine image package: the mean colour decides. */
export async function writeTinyImage(dir: string, photo: Uint8Array): Promise<ModelPackage> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'network.onnx'), MEAN_COLOUR_NETWORK);
  const config = { ...SQUARE_PHOTO_DEFAULTS, size: SIZE };
  const manifest = draft('image', TINY_CATEGORIES, {
    processors: [{ kind: SQUARE_PHOTO_KIND, version: SQUARE_PHOTO_VERSION, config, files: {} }],
    network: {
      kind: ONNX_NETWORK_KIND,
      version: ONNX_NETWORK_VERSION,
      config: { size: SIZE, ...SYMMETRIC_UNIT },
      files: { onnx: 'network.onnx' },
    },
  });
  return finish(dir, manifest, loadImagePredictor, [{ image: photo }]);
}

/** Writes a genuine fusion package over both. */
export async function writeTinyFusion(dir: string, photo: Uint8Array): Promise<ModelPackage> {
  await writeTinyText(join(dir, FUSION_MEMBERS.text));
  await writeTinyImage(join(dir, FUSION_MEMBERS.image), photo);
  await writeFile(join(dir, 'head.json'), JSON.stringify(TINY_HEAD));
  const manifest = draft('fusion', TINY_CATEGORIES, { processors: [], network: TINY_NETWORK });
  const inputs = [{ designation: 'rouge', image: photo }, { designation: 'vert' }, { image: photo }];
  return finish(dir, manifest, loadFusionPredictor, inputs);
}

async function finish(
  dir: string,
  manifest: ManifestDraft,
  load: (pkg: ModelPackage) => Promise<Predictor>,
  golden: ProductInput[],
): Promise<ModelPackage> {
  const pkg = draftPackage(dir, manifest);
  const predictor = await load(pkg);
  try {
    return await finalizePackage(pkg, predictor, golden);
  } finally {
    await predictor.dispose();
  }
}

function draft(
  modality: ManifestDraft['modality'],
  categories: Category[],
  parts: Pick<ManifestDraft, 'processors' | 'network'>,
): ManifestDraft {
  const scores = { accuracy: 1, weighted_f1: 1, macro_f1: 1, log_loss: 0.1, ece: 0, baseline_accuracy: 0.5 };
  return {
    modality,
    categories,
    ...parts,
    calibration: { temperature: 2, abstentionThreshold: modality === 'fusion' ? 0.6 : 0.55 },
    metrics: { ...scores, n_train: 2, n_test: 2, train_seconds: 1 },
    datasetHash: 'd'.repeat(64),
    testHash: 'e'.repeat(64),
    gitSha: null,
    runId: `tiny-${modality}`,
    seed: 42,
  };
}

function floats(...values: number[]): Buffer {
  return Buffer.from(Float32Array.from(values).buffer);
}
