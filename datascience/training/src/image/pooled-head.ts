import { appendLayers, type Layer, type LayersModel } from './layers-model.js';
import type { LinearHead } from './logistic-regression.js';

/** What the features of a photo are: raised when they change. */
export const POOLING = 'mean+max/1';

const POOLED = 'vitrine_pooled';

/** Adds the mean and the largest value of each channel of the last map, side by side. */
export function appendPooling(backbone: LayersModel): LayersModel {
  const pool = (name: string, className: string): Layer => ({
    ...blank(name, className),
    inputs: [backbone.output],
  });
  const mean = pool('vitrine_mean', 'GlobalAveragePooling2D');
  const max = pool('vitrine_max', 'GlobalMaxPooling2D');
  const both = { ...blank(POOLED, 'Concatenate'), inputs: [mean.name, max.name] };
  return appendLayers(backbone, [mean, max, both]);
}

/** Adds pooling and a linear head: the whole network from photo to logits. */
export function appendPooledHead(backbone: LayersModel, { kernel, bias }: LinearHead): LayersModel {
  const classes = bias.length;
  const dense: Layer = {
    ...blank('vitrine_logits', 'Dense'),
    inputs: [POOLED],
    weights: {
      kernel: { shape: [kernel.length / classes, classes], data: kernel },
      bias: { shape: [classes], data: bias },
    },
  };
  return appendLayers(appendPooling(backbone), [dense]);
}

function blank(name: string, className: string): Layer {
  return { name, className, config: {}, inputs: [], weights: {} };
}
