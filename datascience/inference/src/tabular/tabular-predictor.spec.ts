import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTabularGoldenCheck } from '../package/golden.js';
import { readAnyPackage, readPackage, readTabularPackage } from '../package/read-package.js';
import { loadTabularPredictor } from './tabular-predictor.js';
import type { TabularRow } from './tabular-row.js';
import { writeLinearTabularPackage } from './test-support/linear-package.js';

describe('tabular package', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-tabular-'));
    await writeLinearTabularPackage(dir);
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function editManifest(edit: (manifest: Record<string, unknown>) => void): Promise<void> {
    const file = join(dir, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    edit(manifest);
    await writeFile(file, JSON.stringify(manifest));
  }

  it('reads back what was finished and passes its golden check', async () => {
    const pkg = await readTabularPackage(dir);
    const predictor = await loadTabularPredictor(pkg);
    await expect(runTabularGoldenCheck(predictor, pkg)).resolves.toEqual({ cases: 3, maxDifference: 0 });
    expect((await readAnyPackage(dir)).manifest.modality).toBe('tabular');
  });

  it('computes a logistic regression of the standardised columns', async () => {
    const predictor = await loadTabularPredictor(dir);
    const [answer] = await predictor.predict([{ prix: 30, categorie: ' MODE ', extra: 1 }]);
    const logits = [-0.4 - 0.5, 0, 0.4 + 0.5];
    const sum = logits.reduce((total, z) => total + Math.exp(z), 0);
    logits.forEach((z, k) => expect(answer?.probabilities[k]).toBeCloseTo(Math.exp(z) / sum, 6));
  });

  it('is refused as a category model, and a category model as a tabular one', async () => {
    await expect(readPackage(dir)).rejects.toThrow('holds a tabular model where a category model must be');
    await editManifest((manifest) => (manifest.task = 'weather'));
    await expect(readTabularPackage(dir)).rejects.toMatchObject({ code: 'manifest-invalid' });
    await expect(readAnyPackage(dir)).rejects.toThrow('task');
  });

  it('fails its golden check where the model is another', async () => {
    const pkg = await readTabularPackage(dir);
    const changed = structuredClone(pkg.manifest);
    changed.network.config.bias = [1, 0, 0];
    await writeFile(join(dir, 'manifest.json'), JSON.stringify(changed));
    const predictor = await loadTabularPredictor(dir);
    await expect(runTabularGoldenCheck(predictor, pkg)).rejects.toMatchObject({ code: 'golden-mismatch' });
  });

  it.each([
    ['processors', [{ kind: 'magic', version: 1, config: {}, files: {} }], 'processor-unknown'],
    ['network', { kind: 'linear-tabular', version: 2, config: {}, files: {} }, 'processor-unknown'],
    ['network', { kind: 'linear-tabular', version: 1, config: { means: [] }, files: {} }, 'manifest-invalid'],
    ['processors', [], 'manifest-invalid'],
  ])('refuses unknown or unfitting %s', async (field, value, code) => {
    await editManifest((manifest) => (manifest[field] = value));
    await expect(loadTabularPredictor(dir)).rejects.toMatchObject({ code });
  });

  it('answers whatever a field holds, and takes only objects', async () => {
    const predictor = await loadTabularPredictor(dir);
    const rows: TabularRow[] = [
      {},
      { prix: 'nan', categorie: null },
      { prix: [1], categorie: {} },
      { prix: Infinity, categorie: 'x'.repeat(1_000_000) },
      { prix: 10n, categorie: Symbol('mode') },
      Object.create(null) as TabularRow,
      JSON.parse('{"__proto__": {"prix": 900}}') as TabularRow,
    ];
    for (const { probabilities } of await predictor.predict(rows)) {
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    }
    for (const rubbish of [null, undefined, 'row', 3, []]) {
      await expect(predictor.predict([{}, rubbish as never])).rejects.toThrow(TypeError);
    }
  });
});
