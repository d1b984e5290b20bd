import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Prediction, Predictor } from '../predictor.js';
import { draftPackage, finalizePackage, type ManifestDraft } from './finalize-package.js';
import { GOLDEN_FILE, runGoldenCheck } from './golden.js';
import type { ModelPackage } from './model-package.js';
import { readPackage } from './read-package.js';

const draft: ManifestDraft = {
  modality: 'text',
  categories: [
    { id: 10, label: 'Livre' },
    { id: 40, label: 'Jeu vidéo' },
  ],
  processors: [{ kind: 'words', version: 1, config: {}, files: { vocabulary: 'processors/words.txt' } }],
  network: { kind: 'table', version: 1, config: {}, files: { weights: 'network.bin' } },
  calibration: { temperature: 1, abstentionThreshold: 0 },
  metrics: {
    accuracy: 1,
    weighted_f1: 1,
    macro_f1: 1,
    log_loss: 0.1,
    ece: 0,
    baseline_accuracy: 0.5,
    n_train: 2,
    n_test: 1,
    train_seconds: 0,
  },
  datasetHash: 'd',
  testHash: 't',
  gitSha: null,
  runId: 'r',
  seed: 42,
};

/** A real function of the input, so that the golden check has something to compare. */
function predictorOf(pkg: ModelPackage, bias = 0): Predictor {
  return {
    manifest: pkg.manifest,
    predict: (inputs) =>
      Promise.resolve(
        inputs.map((input): Prediction => {
          const p = 1 / (1 + Math.exp(-(input.designation ?? '').length / 10 - bias));
          return {
            modality: 'text',
            probabilities: Float64Array.of(p, 1 - p),
            abstained: false,
            timings: {},
          };
        }),
      ),
    dispose: () => Promise.resolve(),
  };
}

describe('model package', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-package-'));
    await writeFile(join(dir, 'network.bin'), Buffer.from([1, 2, 3]));
    await mkdir(join(dir, 'processors'));
    await writeFile(join(dir, 'processors/words.txt'), 'livre\njeu\n');
    const pkg = draftPackage(dir, draft);
    await finalizePackage(pkg, predictorOf(pkg), [
      { designation: 'Le Petit Prince', image: Buffer.from('photo') },
      { designation: '' },
    ]);
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function editManifest(edit: (manifest: Record<string, unknown>) => void): Promise<void> {
    const file = join(dir, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    edit(manifest);
    await writeFile(file, JSON.stringify(manifest));
  }

  it('reads back what was finished and passes its own golden check', async () => {
    const pkg = await readPackage(dir);
    expect(pkg.manifest).toMatchObject({ ...draft, schemaVersion: 1, task: 'product-category' });
    expect(Object.keys(pkg.manifest.files).sort()).toEqual([
      GOLDEN_FILE,
      'golden/0.image',
      'network.bin',
      'processors/words.txt',
    ]);
    expect(await runGoldenCheck(predictorOf(pkg), pkg)).toEqual({ cases: 2, maxDifference: 0 });
  });

  it('refuses a model that answers otherwise than at packaging time, and one that answers NaN', async () => {
    const pkg = await readPackage(dir);
    await expect(runGoldenCheck(predictorOf(pkg, 0.1), pkg)).rejects.toMatchObject({
      code: 'golden-mismatch',
    });
    await expect(runGoldenCheck(predictorOf(pkg, NaN), pkg)).rejects.toMatchObject({
      code: 'golden-mismatch',
    });
  });

  it('describes itself to MLflow', async () => {
    const text = await readFile(join(dir, 'MLmodel'), 'utf8');
    expect(text).toMatch(/^flavors: \{"vitrine":\{"manifest":"manifest.json"/m);
    expect(text).toContain('designation');
  });

  it('refuses an altered, a truncated and a missing file', async () => {
    await writeFile(join(dir, 'network.bin'), Buffer.from([1, 2, 4]));
    await expect(readPackage(dir)).rejects.toMatchObject({ code: 'hash-mismatch' });
    await truncate(join(dir, 'network.bin'), 1);
    await expect(readPackage(dir)).rejects.toMatchObject({ code: 'hash-mismatch' });
    await rm(join(dir, 'network.bin'));
    await expect(readPackage(dir)).rejects.toMatchObject({ code: 'file-missing' });
    await expect(readPackage(dir, { verify: false })).resolves.toBeDefined();
  });

  it('refuses a folder without a manifest and a manifest cut short', async () => {
    const text = await readFile(join(dir, 'manifest.json'), 'utf8');
    await writeFile(join(dir, 'manifest.json'), text.slice(0, text.length / 2));
    await expect(readPackage(dir)).rejects.toMatchObject({ code: 'manifest-invalid' });
    await rm(join(dir, 'manifest.json'));
    await expect(readPackage(dir)).rejects.toMatchObject({ code: 'package-missing' });
    await expect(readPackage(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'package-missing' });
  });

  it.each([
    ['schemaVersion', 2],
    ['modality', 'sound'],
    ['categories', [{ id: 1, label: 'one' }]],
    [
      'categories',
      [
        { id: 1, label: 'a' },
        { id: 1, label: 'b' },
      ],
    ],
    ['calibration', { temperature: 0, abstentionThreshold: 0 }],
    ['metrics', { accuracy: 'high' }],
    ['files', { 'network.bin': 'not a hash' }],
    ['network', { kind: 'table' }],
    ['runId', undefined],
  ])('refuses a manifest whose %s is %j, and names it', async (field, value) => {
    await editManifest((manifest) => {
      manifest[field] = value;
    });
    await expect(readPackage(dir)).rejects.toMatchObject({
      code: 'manifest-invalid',
      message: expect.stringContaining(field) as string,
    });
  });

  it('refuses a network file without a hash, and one outside the package', async () => {
    await editManifest((manifest) => {
      delete (manifest.files as Record<string, string>)['network.bin'];
    });
    await expect(readPackage(dir)).rejects.toMatchObject({ code: 'manifest-invalid' });
    const pkg = await readPackage(dir, { verify: false });
    for (const path of ['../secret', '/etc/passwd', 'a/../../b'])
      expect(() => pkg.path(path)).toThrow(/leaves/);
  });
});
