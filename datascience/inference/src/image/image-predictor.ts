import { softmax } from '../common/softmax.js';
import type { ModelManifest, ProcessorSpec } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import { InputError, type Prediction, type Predictor, type ProductInput } from '../predictor.js';
import { writeNchw, type PixelNormalisation } from './network-input.js';
import { OnnxNetwork, type OnnxNetworkOptions } from './onnx-network.js';
import {
  prepareSquarePhoto,
  SQUARE_PHOTO_KIND,
  SQUARE_PHOTO_VERSION,
  type PreparedPhoto,
  type SquarePhotoConfig,
} from './square-photo.js';

/** `kind` of an ONNX network in a model package; its only file has the role `onnx`. */
export const ONNX_NETWORK_KIND = 'onnx';
export const ONNX_NETWORK_VERSION = 1;

/** Settings of an ONNX network that reads a photo and gives logits. */
export interface OnnxNetworkConfig extends PixelNormalisation, OnnxNetworkOptions {
  /** Side of the photo in pixels, as the processor before it gives. */
  size: number;
}

/** Networks at work at once: with one thread each, two requests do not wait for each other. */
const WORKERS = 2;
/** Photos decoded and run together: more gains no speed on one thread and makes others wait. */
const BATCH_SIZE = 8;

/** Logits and stages' milliseconds of one photo. */
interface PhotoLogits {
  logits: Float32Array;
  timings: { decode: number; network: number };
}

/**
 * Opens the image model of a package.
 *
 * @throws PackageError `processor-unknown` for a processor or network that this code does not have, `file-invalid`
 *   where the network cannot be read or does not give one logit a category
 */
export async function loadImagePredictor(
  pkg: ModelPackage,
  options: OnnxNetworkOptions = {},
): Promise<Predictor> {
  const { manifest } = pkg;
  const photo = photoConfig(manifest);
  const config = networkConfig(manifest.network, photo);
  const file = manifest.network.files.onnx;
  if (!file) throw new PackageError('manifest-invalid', 'The network names no file of role "onnx"');
  const path = pkg.path(file);
  const network = await OnnxNetwork.open(path, { workers: WORKERS, ...config, ...options }).catch(
    (error: unknown) => {
      throw new PackageError('file-invalid', `The network ${path} cannot be read`, { cause: error });
    },
  );
  const predictor = new ImagePredictor(manifest, photo, config, network);
  try {
    await predictor.warmUp();
  } catch (error) {
    await network.dispose();
    if (error instanceof PackageError) throw error;
    throw new PackageError('file-invalid', `The network ${path} does not run`, { cause: error });
  }
  return predictor;
}

class ImagePredictor implements Predictor {
  constructor(
    readonly manifest: ModelManifest,
    private readonly photo: SquarePhotoConfig,
    private readonly config: OnnxNetworkConfig,
    private readonly network: OnnxNetwork,
  ) {}

  async predict(inputs: readonly ProductInput[]): Promise<Prediction[]> {
    const photos = inputs.map((input) => requirePhoto(input));
    const predictions: Prediction[] = [];
    for (let start = 0; start < photos.length; start += BATCH_SIZE) {
      const results = await this.predictBatch(photos.slice(start, start + BATCH_SIZE));
      predictions.push(...results.map((result) => this.toPrediction(result)));
    }
    return predictions;
  }

  /** A first run on a grey photo: allocates, and shows that the output fits the categories. */
  async warmUp(): Promise<void> {
    const { size } = this.config;
    const output = await this.network.run(new Float32Array(3 * size * size), [1, 3, size, size]);
    const classes = this.manifest.categories.length;
    if (output.length !== classes) {
      throw new PackageError(
        'file-invalid',
        `The network gives ${output.length} logits for ${classes} categories`,
      );
    }
  }

  async dispose(): Promise<void> {
    await this.network.dispose();
  }

  private async predictBatch(photos: readonly Uint8Array[]): Promise<PhotoLogits[]> {
    const prepared = await Promise.all(photos.map((photo) => prepareSquarePhoto(photo, this.photo)));
    const { size } = this.config;
    const batch = new Float32Array(photos.length * 3 * size * size);
    prepared.forEach(({ pixels }, i) => writeNchw(pixels, batch, i, this.config));
    const start = performance.now();
    const output = await this.network.run(batch, [photos.length, 3, size, size]);
    const network = (performance.now() - start) / photos.length;
    const classes = this.manifest.categories.length;
    return prepared.map((photo, i) => ({
      logits: output.subarray(i * classes, (i + 1) * classes),
      timings: { decode: decodeTime(photo), network },
    }));
  }

  private toPrediction({ logits, timings }: PhotoLogits): Prediction {
    const { temperature, abstentionThreshold } = this.manifest.calibration;
    const probabilities = softmax(logits, temperature);
    return {
      modality: 'image',
      probabilities,
      abstained: Math.max(...probabilities) < abstentionThreshold,
      timings,
    };
  }
}

function requirePhoto(input: ProductInput): Uint8Array {
  if (!input.image) throw new InputError('image-missing', 'This model reads an image and got none');
  return input.image;
}

function decodeTime({ timings }: PreparedPhoto): number {
  return timings.decode + timings.crop + timings.resize;
}

function photoConfig({ processors }: ModelManifest): SquarePhotoConfig {
  const [spec] = processors;
  if (!spec || processors.length > 1) {
    throw new PackageError(
      'manifest-invalid',
      `An image model has one processor, this one ${processors.length}`,
    );
  }
  requireKnown(spec, SQUARE_PHOTO_KIND, SQUARE_PHOTO_VERSION);
  const config = spec.config as unknown as SquarePhotoConfig;
  if (![config.size, config.borderTolerance, config.maxPixels].every((value) => Number.isFinite(value))) {
    throw new PackageError(
      'manifest-invalid',
      'The photo processor lacks its size, tolerance or pixel limit',
    );
  }
  return config;
}

function networkConfig(spec: ProcessorSpec, photo: SquarePhotoConfig): OnnxNetworkConfig {
  requireKnown(spec, ONNX_NETWORK_KIND, ONNX_NETWORK_VERSION);
  const config = spec.config as unknown as OnnxNetworkConfig;
  if (config.size !== photo.size || !isPerChannel(config.mean) || !isPerChannel(config.scale)) {
    throw new PackageError(
      'manifest-invalid',
      'The size or normalisation of the network does not fit its processor',
    );
  }
  return config;
}

function requireKnown(spec: ProcessorSpec, kind: string, version: number): void {
  if (spec.kind === kind && spec.version === version) return;
  throw new PackageError(
    'processor-unknown',
    `The image model needs ${spec.kind} version ${spec.version}; this code has ${kind} version ${version}`,
  );
}

function isPerChannel(values: unknown): boolean {
  return Array.isArray(values) && values.length === 3 && values.every((value) => Number.isFinite(value));
}
