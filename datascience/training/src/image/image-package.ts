import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ONNX_NETWORK_KIND,
  ONNX_NETWORK_VERSION,
  SQUARE_PHOTO_DEFAULTS,
  SQUARE_PHOTO_KIND,
  SQUARE_PHOTO_VERSION,
  SYMMETRIC_UNIT,
  type OnnxNetworkConfig,
  type ProcessorSpec,
  type SquarePhotoConfig,
} from '@vitrine/inference';
import type { LayersModel } from './layers-model.js';
import { exportOnnx } from './onnx-export.js';
import { ONNX_OPSET } from './onnx-graph.js';

const NETWORK_FILE = 'network.onnx';

/**
 * How photos are prepared for a network.
 *
 * @throws Error where the network does not read square photos
 */
export function photoConfigFor({ inputShape: [height, width] }: LayersModel): SquarePhotoConfig {
  if (height !== width)
    throw new Error(`The network reads ${width} × ${height} pixels; square photos are needed`);
  return { ...SQUARE_PHOTO_DEFAULTS, size: height };
}

/** Writes the network of a package and describes it and the preparation of its photos. */
export async function packageNetwork(
  modelDir: string,
  model: LayersModel,
): Promise<{ processors: ProcessorSpec[]; network: ProcessorSpec }> {
  await writeFile(join(modelDir, NETWORK_FILE), exportOnnx(model));
  const photo = photoConfigFor(model);
  const config: OnnxNetworkConfig = { size: photo.size, ...SYMMETRIC_UNIT };
  return {
    processors: [{ kind: SQUARE_PHOTO_KIND, version: SQUARE_PHOTO_VERSION, config: { ...photo }, files: {} }],
    network: {
      kind: ONNX_NETWORK_KIND,
      version: ONNX_NETWORK_VERSION,
      config: { ...config, opset: ONNX_OPSET },
      files: { onnx: NETWORK_FILE },
    },
  };
}
