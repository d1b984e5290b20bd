import { ProtobufWriter } from './protobuf-writer.js';

/** Values of an operator's attribute: an integer, a list of them, or a word. Floats are marked as such. */
export type OnnxAttribute = number | readonly number[] | string | { float: number };

/** A named size of a tensor's shape, or a fixed one. */
export type OnnxDimension = number | string;

interface OnnxNode {
  op: string;
  inputs: readonly string[];
  output: string;
  attributes: Record<string, OnnxAttribute>;
}

interface OnnxConstant {
  dims: readonly number[];
  data: Float32Array | BigInt64Array;
}

interface OnnxPort {
  name: string;
  dims: readonly OnnxDimension[];
}

const IR_VERSION = 8;
/** Version of ONNX's operators that is written. */
export const ONNX_OPSET = 17;
/** `TensorProto.DataType` */
const FLOAT = 1;
const INT64 = 7;
/** `AttributeProto.AttributeType` */
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

/**
 * An ONNX graph under construction. Field numbers are those of onnx.proto3
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
export class OnnxGraph {
  private readonly nodes: OnnxNode[] = [];
  private readonly constants = new Map<string, OnnxConstant>();
  private input: OnnxPort | undefined;
  private output: OnnxPort | undefined;

  /** Adds an operator and returns the name of its only output. */
  node(
    op: string,
    output: string,
    inputs: readonly string[],
    attributes: Record<string, OnnxAttribute> = {},
  ): string {
    this.nodes.push({ op, inputs, output, attributes });
    return output;
  }

  /** Adds a constant and returns its name. Its data may be changed in place until `serialize`. */
  constant(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): string {
    if (this.constants.has(name)) throw new Error(`The graph has two constants named ${name}`);
    this.constants.set(name, { dims, data });
    return name;
  }

  setInput(name: string, dims: readonly OnnxDimension[]): void {
    this.input = { name, dims };
  }

  /** Gives the value `from` as the graph's output `name`. */
  setOutput(name: string, from: string, dims: readonly OnnxDimension[]): void {
    this.node('Identity', name, [from]);
    this.output = { name, dims };
  }

  /** The file's bytes. */
  serialize(): Uint8Array {
    const { input, output } = this;
    if (!input || !output) throw new Error('The graph lacks its input or output');
    return new ProtobufWriter()
      .integer(1, IR_VERSION)
      .string(2, 'vitrine')
      .message(7, (graph) => {
        for (const node of this.nodes) graph.message(1, (message) => writeNode(message, node));
        graph.string(2, 'network');
        for (const [name, value] of this.constants) {
          graph.message(5, (message) => writeConstant(message, name, value));
        }
        graph.message(11, (message) => writePort(message, input));
        graph.message(12, (message) => writePort(message, output));
      })
      .message(8, (opset) => opset.string(1, '').integer(2, ONNX_OPSET))
      .finish();
  }
}

function writeNode(message: ProtobufWriter, { op, inputs, output, attributes }: OnnxNode): void {
  for (const input of inputs) message.string(1, input);
  message.string(2, output).string(3, output).string(4, op);
  for (const [name, value] of Object.entries(attributes)) {
    message.message(5, (attribute) => writeAttribute(attribute, name, value));
  }
}

function writeAttribute(message: ProtobufWriter, name: string, value: OnnxAttribute): void {
  message.string(1, name);
  if (typeof value === 'number') message.integer(3, value).integer(20, ATTRIBUTE_INT);
  else if (typeof value === 'string') message.string(4, value).integer(20, ATTRIBUTE_STRING);
  else if ('float' in value) message.float(2, value.float).integer(20, ATTRIBUTE_FLOAT);
  else message.packedIntegers(8, value).integer(20, ATTRIBUTE_INTS);
}

function writeConstant(message: ProtobufWriter, name: string, { dims, data }: OnnxConstant): void {
  message
    .packedIntegers(1, dims)
    .integer(2, data instanceof BigInt64Array ? INT64 : FLOAT)
    .string(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writePort(message: ProtobufWriter, { name, dims }: OnnxPort): void {
  message.string(1, name).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.integer(1, FLOAT).message(2, (shape) => {
        for (const size of dims) {
          shape.message(1, (dim) => (typeof size === 'number' ? dim.integer(1, size) : dim.string(2, size)));
        }
      }),
    ),
  );
}
