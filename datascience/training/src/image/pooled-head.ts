import { appendLayers, type Layer, type LayersModel } from './layers-model.js';
import type { LinearHead } from './logistic-regression.js';
import type { Standardisation } from './standardisation.js';

/** What the features of a photo are: raised when they change. */
export const POOLING = 'mean+max/1';

/** A linear head over standardised features of length 1. */
export interface PooledHead extends LinearHead {
  standardisation: Standardisation;
}

/** Adds the mean and the largest value of each channel of the last map, side by side. */
export function appendPooling(backbone: LayersModel, prefix = 'vitrine'): LayersModel {
  return appendLayers(backbone, poolingLayers(backbone.output, prefix));
}

/** Adds pooling and a head: the whole network from photo to logits. */
export function appendPooledHead(
  backbone: LayersModel,
  { kernel, bias, standardisation }: PooledHead,
  prefix = 'vitrine',
): LayersModel {
  const classes = bias.length;
  const { mean, deviation } = standardisation;
  const pooling = poolingLayers(backbone.output, prefix);
  const vector = (values: Float64Array) => ({ shape: [values.length], data: Float32Array.from(values) });
  const standardised: Layer = {
    ...blank(`${prefix}_standardised`, 'BatchNormalization'),
    config: { epsilon: 0 },
    inputs: [`${prefix}_pooled`],
    weights: { moving_mean: vector(mean), moving_variance: vector(deviation.map((value) => value ** 2)) },
  };
  const unit: Layer = {
    ...blank(`${prefix}_unit`, 'UnitNormalization'),
    inputs: [standardised.name],
  };
  const dense: Layer = {
    ...blank(`${prefix}_logits`, 'Dense'),
    inputs: [unit.name],
    weights: {
      kernel: { shape: [kernel.length / classes, classes], data: kernel },
      bias: { shape: [classes], data: bias },
    },
  };
  return appendLayers(backbone, [...pooling, standardised, unit, dense]);
}

function poolingLayers(output: string, prefix: string): Layer[] {
  const pool = (name: string, className: string): Layer => ({ ...blank(name, className), inputs: [output] });
  const mean = pool(`${prefix}_mean`, 'GlobalAveragePooling2D');
  const max = pool(`${prefix}_max`, 'GlobalMaxPooling2D');
  const both = { ...blank(`${prefix}_pooled`, 'Concatenate'), inputs: [mean.name, max.name] };
  return [mean, max, both];
}

function blank(name: string, className: string): Layer {
  return { name, className, config: {}, inputs: [], weights: {} };
}
