import { appendLayers, cutAt, type Layer, type LayersModel, type Weight } from './layers-model.js';

/** The last convolution of a network, batch normalisation folded into it, and what lies before it. */
export interface LastConvolution {
  /** The network up to what the convolution reads. */
  lower: LayersModel;
  /** [height, width, input channels, output channels]. */
  kernel: Weight;
  bias: Float32Array;
  strides: number;
  padding: 'same' | 'valid';
  activation: 'relu' | 'relu6' | 'linear';
}

const ACTIVATIONS: readonly string[] = ['relu', 'relu6', 'linear'];

/**
 * Finds the last convolution of a network that ends in it, its normalisation and its activation.
 *
 * @throws Error where something else comes after it, such as a sum with an earlier map
 */
export function splitLastConvolution(model: LayersModel): LastConvolution {
  const position = model.layers.findLastIndex(({ className }) => className === 'Conv2D');
  const [convolution, ...rest] = model.layers.slice(position);
  const [input] = convolution?.inputs ?? [];
  if (position < 0 || !convolution || input === undefined) refuse('it has no convolution after its input');
  let previous = convolution.name;
  const folded = { kernel: kernelOf(convolution), bias: biasOf(convolution) };
  let activation = String(convolution.config.activation ?? 'linear');
  for (const layer of rest) {
    if (layer.inputs.length !== 1 || layer.inputs[0] !== previous || activation !== 'linear')
      refuse(`${layer.name} comes after its last convolution`);
    if (layer.className === 'BatchNormalization') fold(folded, layer);
    else activation = activationOf(layer);
    previous = layer.name;
  }
  if (!ACTIVATIONS.includes(activation)) refuse(`it ends in the activation ${activation}`);
  const { strides, padding } = convolution.config;
  return {
    lower: cutAt(model, input),
    ...folded,
    strides: Number([strides ?? 1].flat()[0]),
    padding: padding === 'same' ? 'same' : 'valid',
    activation: activation as LastConvolution['activation'],
  };
}

/** Adds a convolution after `input`, with its activation: the network's output from then on. */
export function appendConvolution(
  model: LayersModel,
  input: string,
  { kernel, bias, strides, padding, activation }: LastConvolution,
  name: string,
): LayersModel {
  const convolution: Layer = {
    name,
    className: 'Conv2D',
    config: { strides, padding, activation },
    inputs: [input],
    weights: { kernel, bias: { shape: [bias.length], data: bias } },
  };
  return appendLayers(model, [convolution]);
}

function kernelOf({ weights: { kernel } }: Layer): Weight {
  if (!kernel) refuse('its last convolution has no kernel');
  return { shape: kernel.shape, data: kernel.data.slice() };
}

function biasOf({ weights: { kernel, bias } }: Layer): Float32Array {
  return bias?.data.slice() ?? new Float32Array(kernel?.shape[3] ?? 0);
}

/** y = γ (x − μ) / √(σ² + ε) + β, as a scale and a shift of each output channel. */
function fold({ kernel, bias }: { kernel: Weight; bias: Float32Array }, { weights, config }: Layer): void {
  const epsilon = Number(config.epsilon ?? 1e-3);
  const at = (role: string, c: number, otherwise: number) => weights[role]?.data[c] ?? otherwise;
  const channels = bias.length;
  const scale = Float32Array.from(
    bias,
    (_, c) => at('gamma', c, 1) / Math.sqrt(at('moving_variance', c, 1) + epsilon),
  );
  for (let i = 0; i < kernel.data.length; i++) {
    kernel.data[i] = (kernel.data[i] as number) * (scale[i % channels] as number);
  }
  bias.forEach((value, c) => {
    bias[c] = (value - at('moving_mean', c, 0)) * (scale[c] as number) + at('beta', c, 0);
  });
}

function activationOf(layer: Layer): string {
  if (layer.className === 'Activation') return String(layer.config.activation);
  if (layer.className === 'ReLU') return layer.config.max_value === 6 ? 'relu6' : 'relu';
  return refuse(`the layer ${layer.name} (${layer.className}) comes after its last convolution`);
}

function refuse(why: string): never {
  throw new Error(
    `The last convolution of this base model cannot be trained alone: ${why}; use --fine-tune all`,
  );
}
