import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLayersModel, type LayersModel, type Weight } from './layers-model.js';

/** A weight as `weightsManifest` describes it. */
export interface WeightSpec {
  name: string;
  shape: number[];
  dtype: string;
  /** Values are stored as integers: value = stored × scale + min. */
  quantization?: { dtype: string; scale?: number; min?: number };
}

/** What `model.json` holds, as far as it matters here. */
export interface ModelJson {
  modelTopology: unknown;
  weightsManifest: { paths: string[]; weights: WeightSpec[] }[];
}

/** Name of the file that describes a tfjs layers model. */
export const MODEL_JSON = 'model.json';

/**
 * Reads a tfjs layers model from a folder: `model.json` and the weight files that it names.
 *
 * @throws Error naming the folder, where a file is missing or does not hold what `model.json` says
 */
export async function readLayersModel(dir: string): Promise<LayersModel> {
  try {
    const json = parseModelJson(await readFile(join(dir, MODEL_JSON), 'utf8'));
    const weights = new Map<string, Weight>();
    for (const group of json.weightsManifest) {
      const files = await Promise.all(group.paths.map((path) => readFile(join(dir, path))));
      for (const [name, weight] of readWeights(Buffer.concat(files), group.weights))
        weights.set(name, weight);
    }
    return parseLayersModel(json.modelTopology, weights);
  } catch (cause) {
    throw new Error(`${dir} holds no usable tfjs layers model: ${(cause as Error).message}`, { cause });
  }
}

/** @throws Error where the text is not the `model.json` of a layers model */
export function parseModelJson(text: string): ModelJson {
  const json = JSON.parse(text) as Partial<ModelJson> & { format?: string };
  if (!json.modelTopology || !Array.isArray(json.weightsManifest)) {
    throw new Error(`${MODEL_JSON} lacks its topology or weights`);
  }
  if (json.format === 'graph-model') throw new Error('a layers model is needed, and this is a graph model');
  return json as ModelJson;
}

/**
 * Reads weights out of their concatenated files.
 *
 * @throws Error where the bytes end early or a type is not known
 */
export function readWeights(bytes: Uint8Array, specs: readonly WeightSpec[]): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of specs) {
    const count = shape.reduce((product, size) => product * size, 1);
    const stored = quantization?.dtype ?? dtype;
    const type = STORED_TYPES[stored];
    if (!type) throw new Error(`the weight ${name} is stored as ${stored}, which is not supported`);
    if (offset + count * type.bytes > bytes.length) throw new Error(`the weights end before ${name}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * type.bytes);
    const { scale = 1, min = 0 } = quantization ?? {};
    const data = new Float32Array(count);
    for (let i = 0; i < count; i++) data[i] = type.read(view, i * type.bytes) * scale + min;
    weights.set(name, { shape, data });
    offset += count * type.bytes;
  }
  return weights;
}

interface StoredType {
  bytes: number;
  read(view: DataView, offset: number): number;
}

const STORED_TYPES: Record<string, StoredType> = {
  float32: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  int32: { bytes: 4, read: (view, offset) => view.getInt32(offset, true) },
  float16: { bytes: 2, read: (view, offset) => halfToNumber(view.getUint16(offset, true)) },
  uint16: { bytes: 2, read: (view, offset) => view.getUint16(offset, true) },
  uint8: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
};

/** IEEE 754 half precision. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
