import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelManifest } from '../package/manifest.js';
import { ModelPackage } from '../package/model-package.js';
import { hashCharacterGrams, hashWord } from './ngram-hash.js';
import { loadTextPredictor } from './text-predictor.js';

/** Two categories: "rouge" speaks for the first, "pot" for the second, the gram " p" for nothing. */
const WORDS = ['rouge', 'pot'];
const PRIORS = [0.75, 0.25];

const floats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
const hashesAndIdf = (hashes: number[]) =>
  Buffer.concat([Buffer.from(Uint32Array.from(hashes).buffer), floats(...hashes.map(() => 1))]);

function manifest(): ModelManifest {
  return {
    schemaVersion: 1,
    task: 'product-category',
    modality: 'text',
    createdAt: '2026-01-01T00:00:00Z',
    categories: [
      { id: 10, label: 'ten' },
      { id: 40, label: 'forty' },
    ],
    processors: [
      {
        kind: 'text-ngrams',
        version: 1,
        config: { words: 2, characters: 1 },
        files: { words: 'words.bin', characters: 'characters.bin' },
      },
    ],
    network: {
      kind: 'linear-text',
      version: 2,
      config: { columns: 3, classes: 2, secondTemperature: 8, secondShare: 0.25 },
      files: { weights: 'network.bin' },
    },
    calibration: { temperature: 2, abstentionThreshold: 0.8 },
    metrics: {} as ModelManifest['metrics'],
    datasetHash: '',
    testHash: '',
    gitSha: null,
    runId: '',
    seed: 0,
    files: {},
  };
}

function toVersion1({ network }: ModelManifest): void {
  network.version = 1;
  network.config = { columns: 3, classes: 2 };
}

describe('loadTextPredictor', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-text-'));
    await writeFile(join(dir, 'words.bin'), hashesAndIdf(WORDS.map(hashWord)));
    await writeFile(join(dir, 'characters.bin'), hashesAndIdf([hashCharacterGrams('pot')[0]!]));
    const weights = Buffer.from(Int8Array.of(100, -100, -100, 100, 0, 0).buffer);
    const bias = floats(0.5, 0);
    const logPriors = floats(...PRIORS.map(Math.log));
    const scales = floats(0.02, 0.02, 0.02);
    await writeFile(join(dir, 'network.bin'), Buffer.concat([bias, logPriors, scales, weights]));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const load = (change: (manifest: ModelManifest) => void = () => undefined) => {
    const changed = manifest();
    change(changed);
    return loadTextPredictor(new ModelPackage(dir, changed));
  };

  it('mixes the softmaxes of two temperatures', async () => {
    const [red] = await (await load()).predict([{ designation: 'Rouge' }]);
    const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
    expect(red!.probabilities[0]).toBeCloseTo(0.75 * sigmoid(4.5 / 2) + 0.25 * sigmoid(4.5 / 8), 6);
  });

  it('reads packages of version 1, which have one temperature', async () => {
    const predictor = await load(toVersion1);
    const [red, pot] = await predictor.predict([{ designation: 'Rouge' }, { description: '<b>Pôt</b>' }]);
    // Logits: bias (0.5, 0) ± 2, over a temperature of 2.
    expect(red!.probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(-4.5 / 2)), 6);
    expect(pot!.probabilities[0]).toBeCloseTo(1 / (1 + Math.exp(3.5 / 2)), 6);
    expect(red).toMatchObject({ modality: 'text', abstained: false });
    expect(Object.keys(red!.timings)).toEqual(['text', 'network']);
    await predictor.dispose();
  });

  it('answers the priors where it knows nothing of the text', async () => {
    const [answer] = await (await load()).predict([{ designation: '🎁 صندوق' }]);
    expect(answer!.probabilities[0]).toBeCloseTo(PRIORS[0]!, 6);
    expect(answer!.abstained).toBe(true);
  });

  it.each([{}, { designation: '', description: null }, { designation: ' \0<br>\u200b' }])(
    'refuses %j: there is no text in it',
    async (input) => {
      await expect((await load()).predict([input])).rejects.toMatchObject({ code: 'text-missing' });
    },
  );

  it('answers a batch in order and lets others have a turn', async () => {
    const predictor = await load();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const long = 'pot '.repeat(5_000);
    const inputs = Array.from({ length: 60 }, (_, i) => ({ designation: i % 2 ? 'rouge' : long }));
    const answers = await predictor.predict(inputs);
    clearInterval(timer);
    expect(answers.map(({ probabilities }) => probabilities[0]! > 0.5)).toEqual(
      inputs.map((_, i) => i % 2 === 1),
    );
    expect(turns).toBeGreaterThan(3);
  });

  it.each<[string, (manifest: ModelManifest) => void, string, RegExp]>([
    [
      'a newer processor',
      (m) => (m.processors[0]!.version = 2),
      'processor-unknown',
      /text-ngrams version 2/,
    ],
    ['another processor', (m) => (m.processors[0]!.kind = 'bpe'), 'processor-unknown', /bpe version 1/],
    ['another network', (m) => (m.network.kind = 'onnx'), 'processor-unknown', /onnx version 2/],
    ['a newer network', (m) => (m.network.version = 3), 'processor-unknown', /linear-text version 3/],
    [
      'a network without its calibration',
      (m) => delete m.network.config.secondShare,
      'manifest-invalid',
      /secondShare/,
    ],
    ['a share above 1', (m) => (m.network.config.secondShare = 1.5), 'manifest-invalid', /secondShare/],
    [
      'a temperature of 0',
      (m) => (m.network.config.secondTemperature = 0),
      'manifest-invalid',
      /secondTemperature/,
    ],
    ['no processor', (m) => (m.processors = []), 'manifest-invalid', /one processor/],
    ['a config without its size', (m) => (m.network.config = {}), 'manifest-invalid', /"columns"/],
    ['a role without a file', (m) => (m.processors[0]!.files = {}), 'manifest-invalid', /"words"/],
    ['a missing file', (m) => (m.network.files.weights = 'none.bin'), 'file-missing', /none\.bin/],
    [
      'a size that the file has not',
      (m) => (m.processors[0]!.config.words = 3),
      'file-invalid',
      /16 bytes.* 24/,
    ],
    [
      'more categories than logits',
      (m) => m.categories.push({ id: 3, label: 'c' }),
      'file-invalid',
      /3 categories/,
    ],
    [
      'a path that leaves the package',
      (m) => (m.network.files.weights = '../x'),
      '',
      /leaves the model package/,
    ],
  ])('refuses a package with %s', async (_case, change, code, message) => {
    const refusal = expect(load(change)).rejects;
    await refusal.toThrow(message);
    if (code) await expect(load(change)).rejects.toMatchObject({ code });
  });

  it('refuses a file that is cut off, or a vocabulary that names a term twice', async () => {
    await truncate(join(dir, 'network.bin'), 30);
    await expect(load()).rejects.toMatchObject({ code: 'file-invalid' });
    await writeFile(join(dir, 'words.bin'), hashesAndIdf([7, 7]));
    await expect(load()).rejects.toMatchObject({ code: 'file-invalid' });
  });
});
