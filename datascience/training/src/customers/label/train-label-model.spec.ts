import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTabularPredictor, readTabularPackage, runTabularGoldenCheck } from '@vitrine/inference';
import { openModelStore, promote, PromotionRefusedError, type ModelStore } from '@vitrine/mlflow';
import { silentProgress } from '../../cli/progress.js';
import { Random } from '../../common/random.js';
import { DatasetError } from '../../datasets/dataset-error.js';
import { drawCustomer } from '../demo/draw-customer.js';
import { buildLabeler } from '../demo/label-signal.js';
import { trainLabelModel } from './train-label-model.js';

const CUSTOMERS = 6_000;
const SPAN = { from: 17_000, to: 20_000 };
const HEADER = 'idx,attr_a,attr_b,scd_a,scd_b,label';

let dir: string;
let store: ModelStore;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vitrine-label-'));
  store = openModelStore({ registryDir: join(dir, 'registry') });
  await writeFeatures('independent.csv', 0);
  await writeFeatures('planted.csv', 0.8);
  await writeFeatures('more.csv', 0.8, 43);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function writeFeatures(name: string, signal: number, seed = 42): Promise<void> {
  const random = new Random(seed);
  const sample = new Random(1);
  const labelOf = buildLabeler(signal, () => drawCustomer(sample, SPAN).features);
  const rows = Array.from({ length: CUSTOMERS }, (_, idx) => {
    const { features } = drawCustomer(random, SPAN);
    const { attr_a, attr_b, scd_a, scd_b } = features;
    return [idx, attr_a, attr_b, scd_a, scd_b, labelOf(features, random)].join(',');
  });
  await writeFile(join(dir, name), `${HEADER}\n${rows.join('\n')}\n`);
}

const train = (input: string, more = {}) =>
  trainLabelModel(
    {
      input: join(dir, input),
      outputDir: join(dir, `out-${input}`),
      seed: 42,
      permutations: 400,
      registeredModel: 'customer-label',
      setStaging: true,
      ...more,
    },
    { store, progress: silentProgress, signal: new AbortController().signal },
  );
const promoteVersion = (version: number, force = false) =>
  promote(store, { name: 'customer-label', alias: 'production', version, force });

describe('trainLabelModel', () => {
  it('says of independent labels that nothing is to be learnt, and the gate refuses the model unless forced', async () => {
    const { metrics, version } = await train('independent.csv');
    expect(metrics.chance_p_value).toBeGreaterThan(0.01);
    expect(metrics.log_loss).toBeCloseTo(Math.LN2, 1);
    expect(metrics.baseline_accuracy).toBeGreaterThan(0.85);
    const report = await readFile(join(dir, 'out-independent.csv', 'classification_report.txt'), 'utf8');
    expect(report).toContain('NO BETTER THAN CHANCE');
    await expect(promoteVersion(version!.version)).rejects.toThrow(PromotionRefusedError);
    await expect(promoteVersion(version!.version)).rejects.toThrow(/no better than chance: p = 0\.\d{4}/);
    await expect(promoteVersion(version!.version, true)).resolves.toMatchObject({ gate: { passed: false } });
  });

  it('finds a planted signal, and is promoted over what was there, then over itself on new customers', async () => {
    const { metrics, version, runId } = await train('planted.csv');
    expect(metrics.chance_p_value).toBeCloseTo(1 / 401, 6);
    expect(metrics.auc).toBeGreaterThan(0.8);
    expect(metrics.balanced_accuracy).toBeGreaterThan(0.7);
    expect(version).toMatchObject({ aliases: ['staging'], tags: { 'rematch.version': '1' } });
    const run = await store.getRun(runId);
    expect(run).toMatchObject({ status: 'FINISHED', metrics: { auc: metrics.auc } });
    await expect(promoteVersion(version!.version)).resolves.toMatchObject({ gate: { passed: true } });
    const next = await train('more.csv');
    expect(next.version!.tags['rematch.version']).toBe(String(version!.version));
    const { gate } = await promoteVersion(next.version!.version, true);
    expect(gate!.objections.join()).not.toContain('different data');
    expect(gate!.inPlace!.weightedF1).toBeGreaterThan(0.7);
  });

  it('packages what serving answers with, and leaves its result for whoever started it', async () => {
    const out = join(dir, 'out-planted.csv');
    const pkg = await readTabularPackage(join(out, 'model'));
    const predictor = await loadTabularPredictor(pkg);
    await expect(runTabularGoldenCheck(predictor, pkg)).resolves.toMatchObject({ cases: 24 });
    const lines = (await readFile(join(out, 'predictions.csv'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + CUSTOMERS / 5);
    const [idx, , predicted, probability] = lines[1]!.split(',').map(Number);
    const features = (await readFile(join(dir, 'planted.csv'), 'utf8')).split('\n')[idx! + 1]!.split(',');
    const row = Object.fromEntries(HEADER.split(',').map((name, i) => [name, features[i]]));
    const [answer] = await predictor.predict([row]);
    expect(answer!.probabilities[predicted!]).toBeCloseTo(probability!, 6);
    expect(JSON.parse(await readFile(join(out, 'result.json'), 'utf8'))).toMatchObject({
      run_id: expect.any(String),
      model: 'customer-label',
      version: 2,
      metrics: { n_train: 4_800, n_test: 1_200 },
    });
  });

  it('is the same model from the same rows and seed', async () => {
    const once = await train('planted.csv', {
      outputDir: join(dir, 'again'),
      registeredModel: null,
      setStaging: false,
    });
    const { train_seconds: _, ...before } = JSON.parse(
      await readFile(join(dir, 'out-planted.csv', 'metrics.json'), 'utf8'),
    ) as Record<string, number>;
    expect(once.metrics).toMatchObject(before);
    expect(once.version).toBeNull();
  });

  it.each([
    ['nothing', '', /./],
    ['a header alone', `${HEADER}\n`, /0 labels of 1 and 0 of 0: 50 of each/],
    ['a missing column', 'idx,attr_a,attr_b,scd_a,label\n1,1,a,0.5,1\n', /lacks the columns scd_b/],
    ['a word for a number', `${HEADER}\n1,one,a,0.5,1,1\n`, /row 1: attr_a must be a number/],
    ['a label of 2', `${HEADER}\n1,1,a,0.5,1,2\n`, /row 1: label must be 0 or 1/],
    ['rows without labels', `${HEADER}\n1,1,a,0.5,1,\n`, /0 labels of 1/],
    ['a broken line', `${HEADER}\n1,1\n`, /cannot be read/],
    ['broken Parquet', 'PAR1 and then nothing', /no Parquet file/],
  ])('refuses %s', async (_what, content, message) => {
    await writeFile(join(dir, 'bad.csv'), content);
    const failure = train('bad.csv', { outputDir: join(dir, 'bad') });
    await expect(failure).rejects.toThrow(DatasetError);
    await expect(failure).rejects.toThrow(message);
  });
});
