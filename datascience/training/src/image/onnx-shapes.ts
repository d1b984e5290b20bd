import type { Layer } from './layers-model.js';
import type { OnnxGraph } from './onnx-graph.js';
import { mapInput, onlyInput, pair, refuse, type ConversionContext, type GraphValue } from './onnx-values.js';

/** Flattens in the order of channels-last memory, as TensorFlow does. */
export function convertFlatten(layer: Layer, context: ConversionContext): GraphValue {
  const input = onlyInput(layer, context);
  if (input.kind === 'vector') return input;
  const last = channelsLast(context.graph, layer, input);
  return { name: context.graph.node('Flatten', layer.name, [last], { axis: 1 }), kind: 'vector' };
}

/** To a vector or to a map, in the order of channels-last memory. */
export function convertReshape(layer: Layer, context: ConversionContext): GraphValue {
  const { graph } = context;
  const input = onlyInput(layer, context);
  const target = (layer.config.target_shape as (number | null)[]).map((size) => size ?? -1);
  if (target.length !== 1 && target.length !== 3)
    refuse(layer, `its shape [${target.join(', ')}] is not supported`);
  const from = input.kind === 'map' ? channelsLast(graph, layer, input) : input.name;
  const shape = BigInt64Array.from([0, ...target].map(BigInt));
  const constant = graph.constant(`${layer.name}/shape`, [shape.length], shape);
  const reshaped = graph.node('Reshape', `${layer.name}/reshaped`, [from, constant]);
  const channels = target.at(-1) === -1 ? undefined : target.at(-1);
  if (target.length === 1) return { name: reshaped, kind: 'vector', channels };
  return {
    name: graph.node('Transpose', layer.name, [reshaped], { perm: [0, 3, 1, 2] }),
    kind: 'map',
    channels,
  };
}

export function convertZeroPadding(layer: Layer, context: ConversionContext): GraphValue {
  const { foldable: _, ...input } = mapInput(layer, context);
  const padding = layer.config.padding;
  const [rows, columns] = Array.isArray(padding) ? padding : [padding, padding];
  const [top, bottom] = pair(rows);
  const [left, right] = pair(columns);
  const pads = BigInt64Array.from([0, 0, top, left, 0, 0, bottom, right].map(BigInt));
  const constant = context.graph.constant(`${layer.name}/pads`, [8], pads);
  return { ...input, name: context.graph.node('Pad', layer.name, [input.name, constant]) };
}

function channelsLast(graph: OnnxGraph, layer: Layer, input: GraphValue): string {
  return graph.node('Transpose', `${layer.name}/channels-last`, [input.name], { perm: [0, 2, 3, 1] });
}
