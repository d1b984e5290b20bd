import { onnx } from 'onnx-proto';
import { OnnxGraph } from './onnx-graph.js';
import { ProtobufWriter } from './protobuf-writer.js';

describe('ProtobufWriter', () => {
  it.each([
    [0, [0]],
    [127, [127]],
    [128, [0x80, 1]],
    [300, [0xac, 2]],
    [2 ** 40, [0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
  ])('writes %i as a varint', (value, bytes) => {
    expect([...new ProtobufWriter().integer(1, value).finish()]).toEqual([8, ...bytes]);
  });

  it('refuses what a varint cannot hold', () => {
    expect(() => new ProtobufWriter().integer(1, -1)).toThrow(RangeError);
    expect(() => new ProtobufWriter().integer(1, 0.5)).toThrow(RangeError);
  });
});

describe('OnnxGraph', () => {
  it('is read back by the format’s reference reader', () => {
    const graph = new OnnxGraph();
    graph.setInput('photo', ['batch', 3, 4, 4]);
    const shape = graph.constant('shape', [2], BigInt64Array.of(0n, -1n));
    const flat = graph.node('Reshape', 'flat', ['photo', shape]);
    const scale = graph.constant('scale', [], Float32Array.of(0.5));
    const scaled = graph.node('Mul', 'scaled', [flat, scale]);
    const leaky = graph.node('LeakyRelu', 'leaky', [scaled], { alpha: { float: 0.25 }, axis: 1 });
    graph.node('MaxPool', 'pool', ['photo'], { kernel_shape: [2, 300], auto_pad: 'SAME_UPPER' });
    graph.setOutput('logits', leaky, ['batch', 48]);

    const model = onnx.ModelProto.decode(graph.serialize());
    expect(Number(model.irVersion)).toBe(8);
    expect(model.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', 17]]);
    const nodes = model.graph!.node!;
    expect(nodes.map(({ opType, input, output }) => [opType, input, output])).toEqual([
      ['Reshape', ['photo', 'shape'], ['flat']],
      ['Mul', ['flat', 'scale'], ['scaled']],
      ['LeakyRelu', ['scaled'], ['leaky']],
      ['MaxPool', ['photo'], ['pool']],
      ['Identity', ['leaky'], ['logits']],
    ]);
    const [alpha, axis] = nodes[2]!.attribute!;
    expect([alpha!.name, alpha!.type, alpha!.f]).toEqual(['alpha', 1, 0.25]);
    expect([axis!.name, axis!.type, Number(axis!.i)]).toEqual(['axis', 2, 1]);
    const [kernel, pad] = nodes[3]!.attribute!;
    expect([kernel!.type, kernel!.ints!.map(Number)]).toEqual([7, [2, 300]]);
    expect([pad!.type, Buffer.from(pad!.s!).toString()]).toEqual([3, 'SAME_UPPER']);
    const [shapeConstant, scaleConstant] = model.graph!.initializer!;
    expect([shapeConstant!.dataType, shapeConstant!.dims!.map(Number)]).toEqual([7, [2]]);
    expect(Buffer.from(shapeConstant!.rawData!).readBigInt64LE(8)).toBe(-1n);
    expect([scaleConstant!.dataType, Buffer.from(scaleConstant!.rawData!).readFloatLE(0)]).toEqual([1, 0.5]);
    const dims = model.graph!.input![0]!.type!.tensorType!.shape!.dim!;
    expect(dims.map((dim) => dim.dimParam || Number(dim.dimValue))).toEqual(['batch', 3, 4, 4]);
  });

  it('refuses two constants of one name', () => {
    const graph = new OnnxGraph();
    graph.constant('a', [1], Float32Array.of(1));
    expect(() => graph.constant('a', [1], Float32Array.of(2))).toThrow('two constants named a');
  });
});
