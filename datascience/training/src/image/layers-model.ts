/** A tensor's values, row-major. */
export interface Weight {
  shape: readonly number[];
  data: Float32Array;
}

/** One layer of a network of layers. */
export interface Layer {
  name: string;
  /** Keras's name of its class, such as `Conv2D`. */
  className: string;
  /** Keras's settings, in snake case. */
  config: Record<string, unknown>;
  /** Names of the layers it reads. */
  inputs: readonly string[];
  /** By the last part of their name, such as `kernel`. */
  weights: Readonly<Record<string, Weight>>;
}

/**
 * A network of layers as plain data, in an order in which each layer comes after those it reads: what a tfjs layers
 * model holds, without TensorFlow.
 */
export interface LayersModel {
  layers: readonly Layer[];
  /** Name of the layer whose output is the network's. */
  output: string;
  /** Height, width, channels. */
  inputShape: readonly [number, number, number];
}

/** A layer as `model.json` has it. */
interface LayerJson {
  class_name: string;
  config: Record<string, unknown>;
  name?: string;
  inbound_nodes?: unknown[];
}

/**
 * Reads the topology of a tfjs layers model (`modelTopology` of `model.json`, or what `model.save` gives).
 *
 * @param weights by full name, `<layer>/<weight>`
 * @throws Error where it is not a sequential or functional model with one photo as input and one output
 */
export function parseLayersModel(topology: unknown, weights: ReadonlyMap<string, Weight>): LayersModel {
  const root = topology as { model_config?: unknown };
  const model = (root.model_config ?? root) as { class_name?: string; config?: unknown };
  const config = model.config as { layers?: LayerJson[]; output_layers?: unknown } | LayerJson[] | undefined;
  const json = Array.isArray(config) ? config : config?.layers;
  if (!json || json.length === 0) throw new Error('The model has no layers: it is not a tfjs layers model');
  const sequential = model.class_name === 'Sequential';
  const layers = json.map((layer, i) => toLayer(layer, sequential ? json[i - 1] : undefined, weights));
  const last = layers.at(-1) as Layer;
  const output = sequential ? last.name : onlyOutput(config as { output_layers?: unknown });
  return { layers: inOrder(layers, output), output, inputShape: inputShape(json) };
}

/** The same network with `layers` added after its output; the last of them becomes the output. */
export function appendLayers(model: LayersModel, layers: readonly Layer[]): LayersModel {
  const last = layers.at(-1);
  return last ? { ...model, layers: [...model.layers, ...layers], output: last.name } : model;
}

/**
 * The same network over an enlarged photo: it still reads the smaller one, and enlarges it first (bilinear, corners on
 * corners). Only for networks without a layer that fixes the photo's size.
 */
export function enlargePhoto(model: LayersModel, size: number): LayersModel {
  const isInput = (layer: Layer) => layer.className === 'InputLayer';
  const inputs = model.layers.filter(isInput).map(({ name }) => name);
  const enlarged: Layer = {
    name: 'vitrine_enlarged',
    className: 'Resizing',
    config: { height: size, width: size, interpolation: 'bilinear' },
    inputs,
    weights: {},
  };
  const rewired = model.layers
    .filter((layer) => !isInput(layer))
    .map((layer) => ({
      ...layer,
      inputs:
        layer.inputs.length === 0
          ? [enlarged.name]
          : layer.inputs.map((name) => (inputs.includes(name) ? enlarged.name : name)),
    }));
  return { ...model, layers: [...model.layers.filter(isInput), enlarged, ...rewired] };
}

/** The network up to a layer, which becomes the output. */
export function cutAt(model: LayersModel, output: string): LayersModel {
  return { ...model, layers: inOrder(model.layers, output), output };
}

/**
 * The last layer that still gives a map of the photo: what comes before global pooling, flattening or a
 * classification head; the output itself where there is none of these.
 */
export function lastFeatureMap(model: LayersModel): string {
  const head = model.layers.find(({ className }) =>
    /^(Global\w+Pooling2D|Flatten|Reshape|Dense)$/.test(className),
  );
  return head?.inputs[0] ?? model.output;
}

function toLayer(
  json: LayerJson,
  previous: LayerJson | undefined,
  weights: ReadonlyMap<string, Weight>,
): Layer {
  const name = layerName(json);
  const prefix = `${name}/`;
  const own = [...weights].filter(([key]) => key.startsWith(prefix));
  return {
    name,
    className: json.class_name,
    config: json.config,
    inputs: previous ? [layerName(previous)] : inboundNames(json),
    weights: Object.fromEntries(own.map(([key, weight]) => [key.slice(key.lastIndexOf('/') + 1), weight])),
  };
}

function layerName(json: LayerJson): string {
  return json.name ?? String(json.config.name);
}

function inboundNames({ inbound_nodes: nodes, ...json }: LayerJson): string[] {
  if (!nodes || nodes.length === 0) return [];
  if (nodes.length > 1) throw new Error(`The layer ${layerName(json)} is used twice, which is not supported`);
  return (nodes[0] as unknown[][]).map((node) => String(node[0]));
}

function onlyOutput(config: { output_layers?: unknown }): string {
  const outputs = config.output_layers;
  const first: unknown = Array.isArray(outputs) ? outputs[0] : undefined;
  // One output is written as ["name", 0, 0] or as [["name", 0, 0]].
  if (typeof first === 'string') return first;
  if (Array.isArray(first) && (outputs as unknown[]).length === 1) return String(first[0]);
  throw new Error('The model has no output or several, and one is needed');
}

function inOrder(layers: readonly Layer[], output: string): Layer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const ordered = new Set<Layer>();
  const visit = (name: string) => {
    const layer = byName.get(name);
    if (!layer) throw new Error(`The model has no layer ${JSON.stringify(name)}`);
    if (ordered.has(layer)) return;
    layer.inputs.forEach(visit);
    ordered.add(layer);
  };
  visit(output);
  return [...ordered];
}

function inputShape(layers: readonly LayerJson[]): [number, number, number] {
  const shapes = layers
    .map(({ config }) => config.batch_input_shape ?? config.batch_shape)
    .filter(Array.isArray);
  const [, height, width, channels] = (shapes[0] ?? []) as (number | null)[];
  const inputs = layers.filter((layer) => layer.class_name === 'InputLayer');
  if (inputs.length > 1 || !height || !width || channels !== 3) {
    throw new Error('The model must have one input: a colour photo of fixed size, channels last');
  }
  return [height, width, channels];
}
