import type { Layer, LayersModel } from './layers-model.js';
import { OnnxGraph } from './onnx-graph.js';
import { convertLayer } from './onnx-layers.js';
import type { GraphValue } from './onnx-values.js';

/** Names of the exported graph's input and output. */
const INPUT = 'photo';
const OUTPUT = 'logits';

/**
 * Writes a network of layers as ONNX (opset 17): float32 [batch, 3, height, width] in, any batch size. Batch
 * normalisation is folded into the layer before it where it can be, dropout left out, and so is a softmax at the end:
 * the output is logits.
 *
 * @returns the file's bytes
 * @throws Error naming the layer, where one is of a kind or setting that cannot be written
 */
export function exportOnnx(model: LayersModel): Uint8Array {
  const graph = new OnnxGraph();
  const [height, width, channels] = model.inputShape;
  graph.setInput(INPUT, ['batch', channels, height, width]);
  const photo: GraphValue = { name: INPUT, kind: 'map', channels };
  const values = new Map<string, GraphValue>();
  const uses = countUses(model);
  for (const layer of model.layers) {
    const inputs = layer.inputs.map((name) => values.get(name) as GraphValue);
    const value = convertLayer(layer, {
      graph,
      inputs: inputs.length > 0 ? inputs : [photo],
      isOutput: layer.name === model.output,
      inputIsShared: layer.inputs.some((name) => (uses.get(name) ?? 0) > 1),
    });
    values.set(layer.name, value);
  }
  const output = values.get(model.output) as GraphValue;
  const size = output.channels ?? 'features';
  graph.setOutput(OUTPUT, output.name, output.kind === 'map' ? ['batch', size, 'h', 'w'] : ['batch', size]);
  return graph.serialize();
}

function countUses({ layers }: { layers: readonly Layer[] }): Map<string, number> {
  const uses = new Map<string, number>();
  for (const name of layers.flatMap((layer) => layer.inputs)) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}
