import type { Layer } from './layers-model.js';
import { refuse, type ConversionContext, type GraphValue } from './onnx-values.js';

/** Operators without settings, by Keras's name of the activation. */
const OPERATORS: Record<string, string> = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  elu: 'Elu',
  selu: 'Selu',
  softplus: 'Softplus',
  softsign: 'Softsign',
};

/**
 * Adds an activation after a value. A softmax is left out at the network's end, since logits are wanted, and refused
 * elsewhere.
 */
export function activate(
  layer: Layer,
  value: GraphValue,
  activation: string,
  { graph, isOutput }: ConversionContext,
): GraphValue {
  if (activation === 'linear' || (activation === 'softmax' && isOutput)) return value;
  const { kind, channels } = value;
  const output = `${layer.name}/${activation}`;
  if (activation === 'relu6') {
    const bounds = [0, 6].map((bound) => graph.constant(`${output}/${bound}`, [], Float32Array.of(bound)));
    return { kind, channels, name: graph.node('Clip', output, [value.name, ...bounds]) };
  }
  if (activation === 'swish' || activation === 'silu') {
    const gate = graph.node('Sigmoid', `${output}/gate`, [value.name]);
    return { kind, channels, name: graph.node('Mul', output, [value.name, gate]) };
  }
  const operator = OPERATORS[activation] ?? refuse(layer, `the activation ${activation} is not known here`);
  return { kind, channels, name: graph.node(operator, output, [value.name]) };
}
