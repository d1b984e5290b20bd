import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { draftPackage, encodePreparedPhoto, finalizePackage, loadPredictor } from '@vitrine/inference';
import { OnnxNetwork } from '@vitrine/inference';
import { silentProgress } from '../cli/progress.js';
import { Random } from '../common/random.js';
import { onnxPython } from '../test-support/onnx-python.js';
import { openBackbone } from './backbone.js';
import { packageNetwork, photoConfigFor } from './image-package.js';
import { joinNetworks } from './joined-network.js';
import { splitLastConvolution } from './last-convolution.js';

// The first time Python's packages are installed.
jest.setTimeout(11 * 60_000);

const shared = join(import.meta.dirname, '../../../../../shared/backbones/mobilenet-v1-1.0-224');
if (!existsSync(shared)) process.stderr.write(`skipped: ${shared} is missing\n`);
const describeWithShared = existsSync(shared) ? describe : describe.skip;

const PROGRAM = `
import json, sys
import mlflow.onnx, numpy, onnx, onnxruntime
model = mlflow.onnx.load_model(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=['CPUExecutionProvider'])
port = session.get_inputs()[0]
size = port.shape[2]
photos = numpy.fromfile(sys.argv[2], dtype=numpy.float32).reshape(-1, 3, size, size)
logits = session.run(None, {port.name: photos})[0]
kinds = sorted({node.op_type for node in model.graph.node})
print(json.dumps({'opset': model.opset_import[0].version, 'shape': port.shape, 'kinds': kinds, 'logits': logits.ravel().tolist()}))
`;

interface PythonAnswer {
  opset: number;
  shape: (number | string)[];
  kinds: string[];
  logits: number[];
}

describeWithShared('a packaged network of a fine-tuned MobileNet', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'onnx-python-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('passes the onnx checker and gives the same numbers under mlflow.onnx.load_model', async () => {
    const python = await onnxPython();
    if (python === null) return;
    const modelDir = join(dir, 'model');
    await mkdir(modelDir);
    const size = await writePackage(modelDir);
    const random = new Random(4);
    const photos = Float32Array.from({ length: 2 * 3 * size * size }, () => 2 * random.next() - 1);
    await writeFile(join(dir, 'photos.f32'), new Uint8Array(photos.buffer));
    const { stdout } = await promisify(execFile)(python, ['-c', PROGRAM, modelDir, join(dir, 'photos.f32')], {
      env: { HOME: dir, MLFLOW_DISABLE_TELEMETRY: 'true' },
    });
    const answer = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as PythonAnswer;
    expect(answer.opset).toBe(17);
    expect(answer.shape).toEqual(['batch', 3, size, size]);
    expect(answer.kinds).not.toContain('BatchNormalization');
    const network = await OnnxNetwork.open(join(modelDir, 'network.onnx'));
    const ours = await network.run(photos, [2, 3, size, size]);
    await network.dispose();
    expect(answer.logits).toHaveLength(ours.length);
    answer.logits.forEach((value, i) => expect(Math.abs(value - (ours[i] as number))).toBeLessThan(1e-4));
  });

  async function writePackage(modelDir: string): Promise<number> {
    const { model } = await openBackbone(shared, dir, silentProgress);
    const last = splitLastConvolution(model);
    const columns = 2 * last.bias.length;
    const random = new Random(1);
    const head = () => ({
      kernel: Float32Array.from({ length: columns * 3 }, () => random.normal()),
      bias: Float32Array.of(0.1, 0, -0.1),
      standardisation: {
        mean: new Float64Array(columns).fill(0.5),
        deviation: new Float64Array(columns).fill(0.7),
      },
    });
    const joined = joinNetworks(model, {
      frozen: { head: head(), weight: 0.5 },
      tuned: { convolution: last, head: head(), weight: 0.5, input: last.lower.output },
    });
    const { size } = photoConfigFor(joined);
    const scores = { accuracy: 0, weighted_f1: 0, macro_f1: 0, log_loss: 0, ece: 0, baseline_accuracy: 0 };
    const draft = draftPackage(modelDir, {
      modality: 'image',
      categories: [1, 2, 3].map((id) => ({ id, label: `category ${id}` })),
      ...(await packageNetwork(modelDir, joined)),
      calibration: { temperature: 1, abstentionThreshold: 0 },
      metrics: { ...scores, n_train: 0, n_test: 0, train_seconds: 0 },
      ...{ datasetHash: 'd', testHash: 't', gitSha: null, runId: 'r', seed: 1 },
    });
    const pixels = new Uint8Array(size * size * 3).map((_, i) => i % 251);
    const photo = await encodePreparedPhoto(pixels, photoConfigFor(joined));
    const predictor = await loadPredictor(draft);
    await finalizePackage(draft, predictor, [{ image: photo }]);
    await predictor.dispose();
    return size;
  }
});
