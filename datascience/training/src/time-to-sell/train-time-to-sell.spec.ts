import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  loadTabularPredictor,
  readTabularPackage,
  runTabularGoldenCheck,
  sha256File,
  type TabularManifest,
} from '@vitrine/inference';
import { openModelStore, type ModelStore } from '@vitrine/mlflow';
import { silentProgress } from '../cli/progress.js';
import { promote } from '../runs/promotion.js';
import { makeListings, writeListings } from '../test-support/listings.js';
import { trainTimeToSell, type TimeToSellOptions } from './train-time-to-sell.js';

describe('train-time-to-sell', () => {
  let root: string;
  let store: ModelStore;
  let input: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vitrine-time-to-sell-'));
    store = openModelStore({ registryDir: join(root, 'registry') });
    input = join(root, 'listings.csv');
    await writeListings(input, makeListings({ rows: 120 }));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  function train(
    name: string,
    options: Partial<TimeToSellOptions> = {},
    registeredModel: string | null = null,
  ) {
    return trainTimeToSell(
      { input, outputDir: join(root, name), seed: 42, ...options },
      {
        store,
        progress: silentProgress,
        signal: new AbortController().signal,
        registeredModel,
        setStaging: registeredModel !== null,
      },
    );
  }

  it('trains, reports, packages and registers a model that beats the prior', async () => {
    const { metrics, version, outputDir, runId } = await train('first', {}, 'time-to-sell');
    expect(metrics.cv_log_loss).toBeLessThan((metrics.prior_log_loss as number) - 0.2);
    expect(metrics).toMatchObject({ folds: 3, n_train: 120, fold_3_log_loss: expect.any(Number) as number });
    expect(version).toMatchObject({ name: 'time-to-sell', version: 1, aliases: ['staging'] });
    expect(version?.tags).toMatchObject({
      modality: 'tabular',
      'metrics.log_loss': String(metrics.log_loss),
    });
    expect((await readdir(outputDir)).sort()).toEqual(
      [
        'config.json confusion_matrix.png history.csv history.png importances.csv importances.png metrics.json model',
        'partial_dependence.csv partial_dependence.png predictions.csv reliability.png result.json',
      ]
        .join(' ')
        .split(' '),
    );
    expect(JSON.parse(await readFile(join(outputDir, 'result.json'), 'utf8'))).toEqual({
      run_id: runId,
      model: 'time-to-sell',
      version: 1,
      metrics,
    });
    const run = await store.getRun(runId);
    expect(run).toMatchObject({ status: 'FINISHED', params: { folds: '3' } });
    expect(await readFile(join(outputDir, 'model', 'MLmodel'), 'utf8')).toContain(
      '\\"name\\":\\"prix\\",\\"type\\":\\"double\\"',
    );
  });

  it('packages what passes its golden check, answers rubbish, and is refused where it was changed', async () => {
    const dir = join(root, 'first', 'model');
    const pkg = await readTabularPackage(dir);
    const predictor = await loadTabularPredictor(pkg);
    await expect(runTabularGoldenCheck(predictor, pkg)).resolves.toEqual({ cases: 25, maxDifference: 0 });
    const rubbish = [
      {},
      { prix: 'nan', couleur: 'inconnue', categorie: 42, annee: '', nb_images: null },
      { description_produit: '<'.repeat(200_000), nom_produit: { a: 1 }, prix: 1e300, extra: 'x' },
      { prix: '12,5', longueur_image: '1 100', largeur_image: -5, couleur: ['a'] },
    ];
    for (const { probabilities } of await predictor.predict(rubbish)) {
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
      expect(Math.min(...probabilities)).toBeGreaterThan(0);
    }
    const [asText] = await predictor.predict([{ prix: '45', nb_images: '3' }]);
    const [asNumber] = await predictor.predict([{ prix: 45, nb_images: 3, couleur: 'nan' }]);
    expect(asText?.probabilities).toEqual(asNumber?.probabilities);

    const changed = join(root, 'changed');
    await cp(dir, changed, { recursive: true });
    const targets = join(changed, 'processors/targets.json');
    await writeFile(targets, (await readFile(targets, 'utf8')).replaceAll(/\[\d+,(\d+),\d+\]/g, '[90,$1,0]'));
    await expect(readTabularPackage(changed)).rejects.toMatchObject({ code: 'hash-mismatch' });
    const manifest = JSON.parse(await readFile(join(changed, 'manifest.json'), 'utf8')) as TabularManifest;
    manifest.files['processors/targets.json'] = await sha256File(targets);
    await writeFile(join(changed, 'manifest.json'), JSON.stringify(manifest));
    const other = await readTabularPackage(changed);
    const check = runTabularGoldenCheck(await loadTabularPredictor(other), other);
    await expect(check).rejects.toMatchObject({ code: 'golden-mismatch' });
  });

  it('makes the same package of the same rows and seed', async () => {
    await train('again', {}, 'time-to-sell');
    const hashes = async (name: string) => {
      const { manifest } = await readTabularPackage(join(root, name, 'model'));
      return Object.fromEntries(
        Object.entries(manifest.files).filter(([file]) => /\.bin$|targets/.test(file)),
      );
    };
    expect(await hashes('again')).toEqual(await hashes('first'));
  });

  it('finds nothing where there is nothing: no target leaks into any column', async () => {
    const noise = join(root, 'noise.csv');
    await writeListings(noise, makeListings({ rows: 180, isTelling: false, seed: 3 }));
    const { metrics } = await train('noise', { input: noise }, 'time-to-sell');
    const { cv_log_loss: ours = NaN, prior_log_loss: prior = NaN } = metrics;
    expect(ours).toBeGreaterThan(prior - 0.02);
    expect(ours).toBeLessThan(prior + 0.1);
  });

  it('goes on where it was interrupted, in the same run', async () => {
    const controller = new AbortController();
    const outputDir = join(root, 'interrupted');
    const options = { input, outputDir, seed: 42 };
    const settings = { store, registeredModel: null, setStaging: false, signal: controller.signal };
    let folds = 0;
    const progress = {
      ...silentProgress,
      task: () => ({
        advance: () => void (++folds === 2 && controller.abort(new Error('stopped'))),
        finish: () => undefined,
      }),
    };
    await expect(trainTimeToSell(options, { ...settings, progress })).rejects.toThrow('stopped');
    const kept = await readdir(join(outputDir, '.checkpoint'));
    expect(kept).toEqual(expect.arrayContaining(['fold-1.json', 'fold-2.json']));
    const news: string[] = [];
    const { runId, metrics } = await trainTimeToSell(options, {
      ...settings,
      signal: new AbortController().signal,
      progress: { ...silentProgress, info: (line) => void news.push(line) },
    });
    expect(news[0]).toBe(`resuming run ${runId}`);
    const { manifest } = await readTabularPackage(join(root, 'first', 'model'));
    expect(metrics.cv_log_loss).toBe(manifest.metrics.cv_log_loss);
  });

  it('is promoted where it is as good on the same rows, and refused where the rows are others', async () => {
    await promote(store, { name: 'time-to-sell', version: 1, alias: 'production', force: false });
    await promote(store, { name: 'time-to-sell', version: 2, alias: 'production', force: false });
    const third = promote(store, { name: 'time-to-sell', version: 3, alias: 'production', force: false });
    await expect(third).rejects.toThrow('different data');
  });
});
