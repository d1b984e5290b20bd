import type { Layer, Weight } from './layers-model.js';
import { activate } from './onnx-activations.js';
import type { OnnxAttribute } from './onnx-graph.js';
import { mapInput, pair, weightOf, type ConversionContext, type GraphValue } from './onnx-values.js';

/** Kernels [height, width, in, out] become [out, in, height, width]. */
export function convertConvolution(layer: Layer, context: ConversionContext): GraphValue {
  const input = mapInput(layer, context);
  const kernel = weightOf(layer, 'kernel');
  const attributes = { ...geometry(layer, kernel), group: input.channels / (kernel.shape[2] as number) };
  const value = convolve(
    layer,
    context,
    input,
    fullKernel(kernel),
    layer.weights.bias,
    attributes,
    'convolution',
  );
  return activate(layer, value, activationOf(layer), context);
}

/** Kernels [height, width, in, multiplier] become [in × multiplier, 1, height, width], one group a channel. */
export function convertDepthwise(layer: Layer, context: ConversionContext): GraphValue {
  const value = depthwise(layer, context, layer.weights.bias);
  return activate(layer, value, activationOf(layer), context);
}

/** A depthwise convolution, then a pointwise one. */
export function convertSeparable(layer: Layer, context: ConversionContext): GraphValue {
  const spatial = depthwise(layer, context, undefined);
  const pointwise = fullKernel(weightOf(layer, 'pointwise_kernel'));
  const value = convolve(
    layer,
    context,
    spatial,
    pointwise,
    layer.weights.bias,
    { kernel_shape: [1, 1] },
    'pointwise',
  );
  return activate(layer, value, activationOf(layer), context);
}

function depthwise(layer: Layer, context: ConversionContext, bias: Weight | undefined): GraphValue {
  const input = mapInput(layer, context);
  const kernel = weightOf(layer, 'depthwise_kernel');
  const attributes = { ...geometry(layer, kernel), group: input.channels };
  return convolve(layer, context, input, depthwiseKernel(kernel), bias, attributes, 'depthwise');
}

function convolve(
  layer: Layer,
  { graph }: ConversionContext,
  input: GraphValue,
  kernel: Weight,
  bias: Weight | undefined,
  attributes: Record<string, OnnxAttribute>,
  role: string,
): GraphValue {
  const channels = kernel.shape[0] as number;
  const shift = Float32Array.from(bias?.data ?? new Float32Array(channels));
  const name = graph.node(
    'Conv',
    `${layer.name}/${role}`,
    [
      input.name,
      graph.constant(`${layer.name}/${role}/weight`, kernel.shape, kernel.data),
      graph.constant(`${layer.name}/${role}/bias`, [channels], shift),
    ],
    attributes,
  );
  return {
    name,
    kind: 'map',
    channels,
    foldable: { weight: kernel.data, bias: shift, channelAxis: 'first' },
  };
}

/**
 * Strides, dilations and padding. TensorFlow's SAME puts the odd pixel at the end and depends on the input's size:
 * exactly SAME_UPPER, which explicit pads could not say for every size. The runtime has no SAME_UPPER with dilation;
 * there TensorFlow allows no stride, and the pads are the same for every size.
 */
function geometry({ config }: Layer, kernel: Weight): Record<string, OnnxAttribute> {
  const size = kernel.shape.slice(0, 2);
  const dilations = pair(config.dilation_rate ?? 1);
  const shape = { kernel_shape: size, strides: pair(config.strides ?? 1), dilations };
  if (config.padding !== 'same') return { ...shape, auto_pad: 'VALID' };
  if (dilations.every((dilation) => dilation === 1)) return { ...shape, auto_pad: 'SAME_UPPER' };
  const total = size.map((length, axis) => (length - 1) * (dilations[axis] as number));
  const before = total.map((pixels) => Math.floor(pixels / 2));
  return { ...shape, pads: [...before, ...total.map((pixels, axis) => pixels - (before[axis] as number))] };
}

function activationOf({ config }: Layer): string {
  return String(config.activation ?? 'linear');
}

function fullKernel({ shape, data }: Weight): Weight {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const area = height * width;
  const moved = new Float32Array(data.length);
  for (let pixel = 0, from = 0; pixel < area; pixel++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) moved[(o * inputs + i) * area + pixel] = data[from++] as number;
    }
  }
  return { shape: [outputs, inputs, height, width], data: moved };
}

function depthwiseKernel({ shape, data }: Weight): Weight {
  const [height, width, inputs, multiplier] = shape as [number, number, number, number];
  const [channels, area] = [inputs * multiplier, height * width];
  const moved = new Float32Array(data.length);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let c = 0; c < channels; c++) moved[c * area + pixel] = data[pixel * channels + c] as number;
  }
  return { shape: [channels, 1, height, width], data: moved };
}
