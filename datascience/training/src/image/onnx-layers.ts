import type { Layer } from './layers-model.js';
import { activate } from './onnx-activations.js';
import { convertConvolution, convertDepthwise, convertSeparable } from './onnx-convolutions.js';
import { convertFlatten, convertReshape, convertResizing, convertZeroPadding } from './onnx-shapes.js';
import {
  mapInput,
  onlyInput,
  refuse,
  weightOf,
  pair,
  type ConversionContext,
  type GraphValue,
} from './onnx-values.js';

type Conversion = (layer: Layer, context: ConversionContext) => GraphValue;

const conversions: Record<string, Conversion> = {
  InputLayer: onlyInput,
  Conv2D: convertConvolution,
  DepthwiseConv2D: convertDepthwise,
  SeparableConv2D: convertSeparable,
  BatchNormalization: convertBatchNormalization,
  Dense: convertDense,
  Activation: (layer, context) =>
    activate(layer, onlyInput(layer, context), String(layer.config.activation), context),
  Softmax: (layer, context) => activate(layer, onlyInput(layer, context), 'softmax', context),
  ReLU: convertRelu,
  LeakyReLU: (layer, context) => {
    const { foldable: _, ...input } = onlyInput(layer, context);
    const alpha = { float: Number(layer.config.alpha ?? 0.3) };
    return { ...input, name: context.graph.node('LeakyRelu', layer.name, [input.name], { alpha }) };
  },
  MaxPooling2D: (layer, context) => convertPooling(layer, context, 'MaxPool'),
  AveragePooling2D: (layer, context) => convertPooling(layer, context, 'AveragePool'),
  GlobalMaxPooling2D: (layer, context) => convertGlobalPooling(layer, context, 'GlobalMaxPool'),
  GlobalAveragePooling2D: (layer, context) => convertGlobalPooling(layer, context, 'GlobalAveragePool'),
  ZeroPadding2D: convertZeroPadding,
  Resizing: convertResizing,
  Flatten: convertFlatten,
  Reshape: convertReshape,
  UnitNormalization: convertUnitNormalization,
  Add: (layer, context) => convertMerge(layer, context, 'Sum'),
  Concatenate: convertConcatenation,
  // These do nothing when a network answers.
  Dropout: passThrough,
  SpatialDropout2D: passThrough,
  GaussianNoise: passThrough,
  GaussianDropout: passThrough,
};

/** Nothing in the graph; what comes after is not folded across it, since others may read what came before. */
function passThrough(layer: Layer, context: ConversionContext): GraphValue {
  const { foldable: _, ...input } = onlyInput(layer, context);
  return input;
}

/** Adds one layer to the graph. */
export function convertLayer(layer: Layer, context: ConversionContext): GraphValue {
  const convert = conversions[layer.className] ?? refuse(layer, 'this kind of layer is not known');
  return convert(layer, context);
}

function convertDense(layer: Layer, context: ConversionContext): GraphValue {
  const { graph } = context;
  const input = onlyInput(layer, context);
  if (input.kind !== 'vector') refuse(layer, 'it needs a vector as its input');
  const { shape, data } = weightOf(layer, 'kernel');
  const [features, channels] = shape as [number, number];
  const weight = Float32Array.from(data);
  const bias = Float32Array.from(layer.weights.bias?.data ?? new Float32Array(channels));
  const name = graph.node('Gemm', `${layer.name}/dense`, [
    input.name,
    graph.constant(`${layer.name}/weight`, [features, channels], weight),
    graph.constant(`${layer.name}/bias`, [channels], bias),
  ]);
  const value: GraphValue = {
    name,
    kind: 'vector',
    channels,
    foldable: { weight, bias, channelAxis: 'last' },
  };
  return activate(layer, value, String(layer.config.activation ?? 'linear'), context);
}

/** y = γ (x − μ) / √(σ² + ε) + β: a scale and a shift per channel, folded into the layer before where that is possible. */
function convertBatchNormalization(layer: Layer, context: ConversionContext): GraphValue {
  const input = onlyInput(layer, context);
  const axis = [layer.config.axis ?? -1].flat()[0];
  if (axis !== -1 && axis !== (input.kind === 'map' ? 3 : 1))
    refuse(layer, `its axis ${String(axis)} is not the last`);
  const mean = weightOf(layer, 'moving_mean').data;
  const variance = weightOf(layer, 'moving_variance').data;
  const epsilon = Number(layer.config.epsilon ?? 1e-3);
  const scale = Float32Array.from(
    variance,
    (v, i) => (layer.weights.gamma?.data[i] ?? 1) / Math.sqrt(v + epsilon),
  );
  const shift = Float32Array.from(
    mean,
    (m, i) => (layer.weights.beta?.data[i] ?? 0) - m * (scale[i] as number),
  );
  if (input.foldable && !context.inputIsShared) {
    fold(input.foldable, scale, shift);
    return input;
  }
  const { graph } = context;
  const dims = input.kind === 'map' ? [1, scale.length, 1, 1] : [1, scale.length];
  const scaled = graph.node('Mul', `${layer.name}/scaled`, [
    input.name,
    graph.constant(`${layer.name}/scale`, dims, scale),
  ]);
  const name = graph.node('Add', layer.name, [scaled, graph.constant(`${layer.name}/shift`, dims, shift)]);
  return { name, kind: input.kind, channels: scale.length };
}

function fold(
  { weight, bias, channelAxis }: NonNullable<GraphValue['foldable']>,
  scale: Float32Array,
  shift: Float32Array,
): void {
  const channels = bias.length;
  const perChannel = weight.length / channels;
  for (let i = 0; i < weight.length; i++) {
    const channel = channelAxis === 'first' ? Math.floor(i / perChannel) : i % channels;
    weight[i] = (weight[i] as number) * (scale[channel] as number);
  }
  for (let c = 0; c < channels; c++) {
    bias[c] = (bias[c] as number) * (scale[c] as number) + (shift[c] as number);
  }
}

function convertRelu(layer: Layer, context: ConversionContext): GraphValue {
  const max = layer.config.max_value;
  if (layer.config.negative_slope || layer.config.threshold)
    refuse(layer, 'a slope or threshold is not supported');
  if (max != null && max !== 6) refuse(layer, `its maximum ${String(max)} is not 6`);
  return activate(layer, onlyInput(layer, context), max === 6 ? 'relu6' : 'relu', context);
}

function convertPooling(layer: Layer, context: ConversionContext, op: string): GraphValue {
  const { foldable: _, ...input } = mapInput(layer, context);
  const size = layer.config.pool_size ?? 2;
  const name = context.graph.node(op, layer.name, [input.name], {
    kernel_shape: pair(size),
    strides: pair(layer.config.strides ?? size),
    auto_pad: layer.config.padding === 'same' ? 'SAME_UPPER' : 'VALID',
  });
  return { ...input, name };
}

function convertGlobalPooling(layer: Layer, context: ConversionContext, op: string): GraphValue {
  const input = mapInput(layer, context);
  const pooled = context.graph.node(op, `${layer.name}/pooled`, [input.name]);
  const flat = context.graph.node('Flatten', layer.name, [pooled], { axis: 1 });
  if (layer.config.keepdims) refuse(layer, 'keepdims is not supported');
  return { name: flat, kind: 'vector', channels: input.channels };
}

/** Divides a vector by its length. */
function convertUnitNormalization(layer: Layer, context: ConversionContext): GraphValue {
  const { foldable: _, ...input } = onlyInput(layer, context);
  if (input.kind !== 'vector') refuse(layer, 'it needs a vector as its input');
  const name = context.graph.node('LpNormalization', layer.name, [input.name], { axis: 1, p: 2 });
  return { ...input, name };
}

function convertMerge(layer: Layer, { graph, inputs }: ConversionContext, op: string): GraphValue {
  const [first] = inputs;
  if (!first || inputs.length < 2) refuse(layer, 'it needs two inputs or more');
  const name = graph.node(
    op,
    layer.name,
    inputs.map((input) => input.name),
  );
  return { name, kind: first.kind, channels: first.channels };
}

function convertConcatenation(layer: Layer, context: ConversionContext): GraphValue {
  const { graph, inputs } = context;
  const kind = inputs[0]?.kind ?? refuse(layer, 'it needs an input');
  const axis = layer.config.axis ?? -1;
  if (axis !== -1 && axis !== (kind === 'map' ? 3 : 1))
    refuse(layer, `its axis ${String(axis)} is not the last`);
  const names = inputs.map((input) => input.name);
  const channels = inputs.reduce((sum, input) => sum + (input.channels ?? NaN), 0);
  const name = graph.node('Concat', layer.name, names, { axis: 1 });
  return { name, kind, channels: Number.isNaN(channels) ? undefined : channels };
}
