import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxNetwork, SYMMETRIC_UNIT, writeNchw } from '@vitrine/inference';
import { writeFile } from 'node:fs/promises';
import { Random } from '../common/random.js';
import { drawChange, UNCHANGED, writeChanged } from './augmentation.js';
import type { ImageTrainContext } from './image-options.js';
import type { LayersModel } from './layers-model.js';
import { exportOnnx } from './onnx-export.js';
import type { PhotoSource } from './photo-source.js';

/** What frozen layers give for several views of each photo, on disk: the layers above train on it again and again. */
export class ViewActivations {
  private constructor(
    private readonly file: FileHandle,
    /** Views of a photo; the first is the photo as it is. */
    readonly views: number,
    /** Height, width, channels. */
    readonly shape: readonly [number, number, number],
  ) {}

  /** Computes the activations, or finds those of an interrupted training. */
  static async open(
    context: ImageTrainContext,
    lower: LayersModel,
    source: PhotoSource,
    photos: number,
  ): Promise<ViewActivations> {
    const path = join(context.checkpointDir, FILE);
    const onnx = join(context.checkpointDir, 'lower-layers.onnx');
    await writeFile(onnx, exportOnnx(lower));
    const network = await OnnxNetwork.open(onnx, { intraOpNumThreads: 2 });
    try {
      const { size } = source;
      const trial = new Float32Array(3 * size * size);
      const { length } = await network.run(trial, [1, 3, size, size]);
      const channels = channelsOf(lower, length);
      const side = Math.sqrt(length / channels);
      const shape = [side, side, channels] as const;
      const views = context.options.dataAugmentation ? viewsOf(photos, length) : 1;
      if (!(await stat(path).catch(() => null))) {
        const file = await open(`${path}.partial`, 'w');
        await compute(context, { network, source, photos, views, shape, file }).finally(() => file.close());
        await rename(`${path}.partial`, path);
      }
      return new ViewActivations(await open(path, 'r'), views, shape);
    } finally {
      await network.dispose();
    }
  }

  /** Writes one photo's view into a batch, channels last. */
  async read(photo: number, view: number, batch: Float32Array, position: number): Promise<void> {
    const length = this.shape[0] * this.shape[1] * this.shape[2];
    const record = Buffer.alloc(RANGE_BYTES + length);
    await this.file.read(record, 0, record.length, (photo * this.views + view) * record.length);
    const [low, step] = [record.readFloatLE(0), record.readFloatLE(4)];
    const offset = position * length;
    for (let i = 0; i < length; i++) batch[offset + i] = low + step * (record[RANGE_BYTES + i] as number);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

const FILE = 'view-activations.bin';
/** Smallest value and step of a record, float32; each value is one byte after them. */
const RANGE_BYTES = 8;
const MAX_VIEWS = 6;
const MAX_BYTES = 6 * 2 ** 30;

function viewsOf(photos: number, length: number): number {
  return Math.max(2, Math.min(MAX_VIEWS, Math.floor(MAX_BYTES / (photos * (length + RANGE_BYTES)))));
}

/** Output channels of the last layer that changes them. */
function channelsOf({ layers, output }: LayersModel, length: number): number {
  let name: string | undefined = output;
  while (name !== undefined) {
    const layer = layers.find((candidate) => candidate.name === name);
    const weight = layer?.weights.moving_mean ?? layer?.weights.gamma ?? layer?.weights.beta;
    if (weight) return weight.data.length;
    const kernel = layer?.weights.kernel;
    if (layer?.className === 'Conv2D' && kernel) return kernel.shape[3] as number;
    name = layer?.inputs[0];
  }
  throw new Error(`A map of ${length} values has no layer that tells its channels`);
}

interface Computation {
  network: OnnxNetwork;
  source: PhotoSource;
  photos: number;
  views: number;
  shape: readonly [number, number, number];
  file: FileHandle;
}

async function compute({ options, progress, signal }: ImageTrainContext, work: Computation): Promise<void> {
  const { network, source, photos, views, shape, file } = work;
  const { size } = source;
  const task = progress.task('Views of the photos', photos);
  const random = new Random(options.seed);
  const changed = new Float32Array(size * size * 3);
  for (let photo = 0; photo < photos; photo++) {
    signal.throwIfAborted();
    const pixels = await source.read(photo);
    const batch = new Float32Array(views * pixels.length);
    writeNchw(pixels, batch, 0, SYMMETRIC_UNIT);
    for (let view = 1; view < views; view++) {
      writeChanged(
        pixels,
        size,
        view === 1 ? { ...UNCHANGED, mirrored: true } : drawChange(random),
        changed,
        0,
      );
      toChannelsFirst(changed, batch, view);
    }
    const maps = await network.run(batch, [views, 3, size, size]);
    await file.write(quantise(maps, views, shape));
    task.advance();
  }
  task.finish();
}

function toChannelsFirst(photo: Float32Array, batch: Float32Array, position: number): void {
  const area = photo.length / 3;
  for (let c = 0; c < 3; c++) {
    const start = position * photo.length + c * area;
    for (let i = 0; i < area; i++) batch[start + i] = photo[3 * i + c] as number;
  }
}

/** From [views, channels, height, width] to one record a view: its range and a byte a value, channels last. */
function quantise(
  maps: Float32Array,
  views: number,
  [height, width, channels]: Computation['shape'],
): Buffer {
  const area = height * width;
  const length = area * channels;
  const records = Buffer.alloc(views * (RANGE_BYTES + length));
  for (let view = 0; view < views; view++) {
    const own = maps.subarray(view * length, (view + 1) * length);
    let [low, high] = [Infinity, -Infinity];
    for (const value of own) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const step = (high - low) / 255 || 1;
    const start = view * (RANGE_BYTES + length);
    records.writeFloatLE(low, start);
    records.writeFloatLE(step, start + 4);
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < area; i++) {
        const value = own[c * area + i] as number;
        records[start + RANGE_BYTES + i * channels + c] = Math.round((value - low) / step);
      }
    }
  }
  return records;
}
