import type { Layer, Weight } from './layers-model.js';
import type { OnnxGraph } from './onnx-graph.js';

/** What a layer became in the graph. */
export interface GraphValue {
  /** Of the value in the graph. */
  name: string;
  /** `map`: [batch, channels, height, width]; `vector`: [batch, channels]. */
  kind: 'map' | 'vector';
  /** Unknown after flattening. */
  channels?: number;
  /** The constants that made it, where nothing came after: a batch normalisation can be folded into them. */
  foldable?: Foldable;
}

/** A weight with the output channel at a known place, and its bias. */
interface Foldable {
  /** Output channel first (`first`, convolutions) or last (`last`, dense). */
  weight: Float32Array;
  channelAxis: 'first' | 'last';
  bias: Float32Array;
}

/** What a layer's conversion has to work with. */
export interface ConversionContext {
  graph: OnnxGraph;
  inputs: readonly GraphValue[];
  /** The layer gives the network's output. */
  isOutput: boolean;
  /** Another layer reads the same input: it must not be changed. */
  inputIsShared: boolean;
}

/** @throws Error saying which layer cannot be written and why */
export function refuse(layer: Layer, why: string): never {
  throw new Error(
    `The layer ${JSON.stringify(layer.name)} (${layer.className}) cannot be exported to ONNX: ${why}`,
  );
}

/** The only input of a layer. */
export function onlyInput(layer: Layer, { inputs }: ConversionContext): GraphValue {
  const [input] = inputs;
  if (!input || inputs.length > 1) refuse(layer, `it reads ${inputs.length} inputs`);
  return input;
}

/** The only input, which must be a map. */
export function mapInput(layer: Layer, context: ConversionContext): GraphValue & { channels: number } {
  const input = onlyInput(layer, context);
  const { channels } = input;
  if (input.kind !== 'map' || channels === undefined)
    refuse(layer, 'it needs a map of the photo as its input');
  return { ...input, channels };
}

export function weightOf(layer: Layer, role: string): Weight {
  return layer.weights[role] ?? refuse(layer, `its weight ${role} is missing`);
}

/** A setting that is one number or a pair, as [height, width]. */
export function pair(value: unknown): [number, number] {
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [Number(value), Number(value)];
}
