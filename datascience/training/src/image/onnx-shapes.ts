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

/** Bilinear, corners on corners: what the layer of tfjs does. */
export function convertResizing(layer: Layer, context: ConversionContext): GraphValue {
  const { foldable: _, ...input } = mapInput(layer, context);
  const { height, width, interpolation = 'bilinear', crop_to_aspect_ratio: crop } = layer.config;
  if (interpolation !== 'bilinear' || crop)
    refuse(layer, 'only bilinear scaling without cropping is supported');
  const { graph } = context;
  // A size alone would have to name the batch, too.
  const sizes = [height, width].map((size) => BigInt(Number(size)));
  const target = graph.constant(`${layer.name}/size`, [2], BigInt64Array.from(sizes));
  const shape = graph.node('Shape', `${layer.name}/shape`, [input.name]);
  const bounds = [0n, 2n].map((bound) =>
    graph.constant(`${layer.name}/${bound}`, [1], BigInt64Array.of(bound)),
  );
  const outer = graph.node('Slice', `${layer.name}/outer`, [shape, ...bounds]);
  const full = graph.node('Concat', `${layer.name}/sizes`, [outer, target], { axis: 0 });
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'align_corners' };
  return { ...input, name: graph.node('Resize', layer.name, [input.name, '', '', full], attributes) };
}

function channelsLast(graph: OnnxGraph, layer: Layer, input: GraphValue): string {
  return graph.node('Transpose', `${layer.name}/channels-last`, [input.name], { perm: [0, 2, 3, 1] });
}
