import { appendConvolution, type LastConvolution } from './last-convolution.js';
import { appendLayers, type LayersModel } from './layers-model.js';
import { appendPooledHead, type PooledHead } from './pooled-head.js';

/** Two ends of one backbone, each with the weight of its logits. */
export interface JoinedEnds {
  frozen: { head: PooledHead; weight: number };
  /** `input` names the layer that the convolution reads. */
  tuned: { convolution: LastConvolution; head: PooledHead; weight: number; input: string };
}

/** A network whose logits are the weighted sum of both ends' logits; what lies before them is computed once. */
export function joinNetworks(backbone: LayersModel, { frozen, tuned }: JoinedEnds): LayersModel {
  const first = appendPooledHead(backbone, weighted(frozen.head, frozen.weight));
  const convolved = appendConvolution(first, tuned.input, tuned.convolution, 'vitrine_tuned');
  const second = appendPooledHead(convolved, weighted(tuned.head, tuned.weight), 'vitrine_tuned');
  const sum = {
    name: 'vitrine_sum',
    className: 'Add',
    config: {},
    inputs: [first.output, second.output],
    weights: {},
  };
  return appendLayers(second, [sum]);
}

function weighted({ kernel, bias, standardisation }: PooledHead, weight: number): PooledHead {
  const times = (value: number) => value * weight;
  return { kernel: kernel.map(times), bias: bias.map(times), standardisation };
}
