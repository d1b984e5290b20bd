import type { LayersModel as TfjsModel } from '@tensorflow/tfjs-node';
import { parseLayersModel, type LayersModel, type Weight } from './layers-model.js';

/** Copies a tfjs layers model, as it is now, into plain data. */
export function toLayersModel(model: TfjsModel): LayersModel {
  const weights = new Map<string, Weight>();
  const tensors = model.getWeights();
  model.weights.forEach(({ originalName, shape }, i) => {
    const data = Float32Array.from(tensors[i]?.dataSync() ?? []);
    weights.set(originalName, { shape: shape as number[], data });
  });
  return parseLayersModel(model.toJSON(null, false), weights);
}
