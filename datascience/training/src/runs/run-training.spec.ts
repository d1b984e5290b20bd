import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPackage } from '@vitrine/inference';
import { openModelStore, ServerError, type ModelStore } from '@vitrine/mlflow';
import { silentProgress } from '../cli/progress.js';
import { writeTinyDataset } from '../test-support/tiny-dataset.js';
import { textTrainer } from '../text/text-trainer.js';
import { resolveFusionMember } from './fusion-members.js';
import { runTraining, type RunTrainingOptions, type TrainingResult } from './run-training.js';
import type { TrainOptions } from './trainer.js';
import { readTrainingSet } from './training-set.js';

const EXPERIMENT = 'product-category';
let root: string;
let inputDir: string;
let next = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-run-training-'));
  inputDir = await writeTinyDataset(root);
});
afterAll(() => rm(root, { recursive: true }));

/** A registry and an output folder of a test's own. */
function open() {
  const dir = join(root, String(next++));
  const store = openModelStore({ registryDir: join(dir, 'registry') });
  const outputDir = join(dir, 'out');
  const train = (
    change: Partial<RunTrainingOptions> = {},
    options: Partial<TrainOptions> = {},
  ): Promise<TrainingResult> =>
    runTraining(
      textTrainer,
      { inputDir, outputDir, batchSize: 96, epochs: 3, trainPatience: 3, seed: 42, ...options },
      {
        store,
        progress: silentProgress,
        signal: new AbortController().signal,
        registeredModel: 'text',
        setStaging: true,
        patienceMs: 0,
        ...change,
      },
    );
  return { dir, store, outputDir, train };
}

type Call = keyof ModelStore;

/**
 * The store with a server's failures: `fail` says before each call whether the server is away, and `lose` after it
 * whether its answer is lost.
 */
function failing(
  store: ModelStore,
  {
    fail = () => false,
    lose = () => false,
  }: { fail?: (call: Call) => boolean; lose?: (call: Call) => boolean },
): ModelStore {
  const away = () => new ServerError('TEMPORARILY_UNAVAILABLE', 'the server is away', { transient: true });
  return new Proxy(store, {
    get: (target, call: Call) => {
      const member = target[call];
      if (typeof member !== 'function') return member;
      return async (...parameters: never[]) => {
        if (fail(call)) throw away();
        const result: unknown = await (member as (...parameters: never[]) => Promise<unknown>)(...parameters);
        if (lose(call)) throw away();
        return result;
      };
    },
  });
}

/** True for the first time that a call is made. */
function firstTime(wanted: Call): (call: Call) => boolean {
  let isDone = false;
  return (call) => call === wanted && !isDone && (isDone = true);
}

async function expectWhole(store: ModelStore, { runId, version }: TrainingResult): Promise<void> {
  const runs = await store.listRuns(EXPERIMENT);
  expect(runs.map((run) => [run.runId, run.status])).toEqual([[runId, 'FINISHED']]);
  for (const key of Object.keys(runs[0]?.metrics ?? {})) {
    const steps = (await store.getMetricHistory(runId, key)).map(({ step }) => step);
    expect(new Set(steps).size).toBe(steps.length);
  }
  expect((await store.listVersions('text')).map((one) => [one.version, one.runId])).toEqual([[1, runId]]);
  expect(version).toMatchObject({ version: 1, aliases: ['staging'] });
}

describe('runTraining', () => {
  it('logs settings, data sets, epochs, report and package, and registers the version', async () => {
    const { store, outputDir, train } = open();
    const result = await train();
    await expectWhole(store, result);
    const run = await store.getRun(result.runId);
    const dataset = await readTrainingSet({ inputDir, seed: 42 } as TrainOptions);
    expect(run.params).toMatchObject({ epochs: '3', seed: '42', inputDir, members: expect.any(String) });
    expect(run.metrics).toMatchObject({ weighted_f1: result.metrics.weighted_f1, n_test: 18 });
    expect(run.tags).toMatchObject({ modality: 'text', dataset_hash: dataset.hash });
    expect(run.datasets).toEqual([
      expect.objectContaining({ digest: dataset.hash.slice(0, 36), context: 'training', source: inputDir }),
      expect.objectContaining({ digest: dataset.testHash.slice(0, 36), context: 'testing' }),
    ]);
    const [loss = ''] = Object.keys(run.metrics).filter((key) => key.endsWith('held_out_loss'));
    expect((await store.getMetricHistory(result.runId, loss)).length).toBeGreaterThan(0);
    expect(await store.listArtifacts(result.runId)).toEqual(
      expect.arrayContaining([
        'config.json',
        'confusion_matrix.png',
        'coverage.csv',
        'coverage.png',
        'errors.html',
        'held_out_predictions.csv',
        'history.png',
        'metrics.json',
        'model/MLmodel',
        'model/input_example.json',
        'model/manifest.json',
        'reliability.png',
      ]),
    );
    const config: unknown = JSON.parse(await readFile(join(outputDir, 'config.json'), 'utf8'));
    expect(config).toMatchObject({ epochs: 3, inputDir, environment: { node: process.version } });
  });

  it('abstains for the stated precision, and records it with the model and the run', async () => {
    const { store, outputDir, train } = open();
    const { runId } = await train({}, { abstainPrecision: 0.8 });
    const { manifest } = await readPackage(join(outputDir, 'model'));
    expect(manifest.calibration.abstention).toMatchObject({
      statedPrecision: 0.8,
      isReached: true,
      rows: 72,
    });
    const run = await store.getRun(runId);
    expect(run.params).toMatchObject({ abstainPrecision: '0.8' });
    expect(run.metrics).toMatchObject({
      stated_precision: 0.8,
      abstention_threshold: manifest.calibration.abstentionThreshold,
      coverage: expect.any(Number),
      answered_accuracy: expect.any(Number),
    });
  });

  it('packages an input example that MLflow finds and the hashes cover', async () => {
    const { outputDir, train } = open();
    await train({ registeredModel: null });
    const pkg = await readPackage(join(outputDir, 'model'));
    expect(Object.keys(pkg.manifest.files)).toContain('input_example.json');
    const description = await readFile(pkg.path('MLmodel'), 'utf8');
    expect(description).toMatch(/^saved_input_example_info: \{"artifact_path":"input_example.json"/m);
    const frame = JSON.parse(await readFile(pkg.path('input_example.json'), 'utf8')) as { data: string[][] };
    expect(frame).toEqual({
      columns: ['designation', 'description'],
      data: [[expect.any(String), expect.any(String)]],
    });
  });

  it('trains on while the server is away, and logs every epoch when it is back', async () => {
    const { store, train } = open();
    let calls = 0;
    const fail = (call: Call) => call === 'logMetrics' && ++calls === 1;
    const result = await train({ store: failing(store, { fail }) });
    expect(calls).toBeGreaterThan(1);
    await expectWhole(store, result);
    const { metrics } = await store.getRun(result.runId);
    const history = await Promise.all(
      Object.keys(metrics).map((key) => store.getMetricHistory(result.runId, key)),
    );
    expect(Math.max(...history.flat().map(({ step }) => step))).toBeGreaterThan(1);
  });

  it('waits for a server that comes back', async () => {
    const { store, train } = open();
    const result = await train({
      store: failing(store, { fail: firstTime('logArtifacts'), lose: firstTime('finishRun') }),
      patienceMs: 20_000,
    });
    await expectWhole(store, result);
  });

  it.each<[string, Parameters<typeof failing>[1]]>([
    ['before the end', { fail: (call) => call === 'logArtifacts' }],
    ['for all metrics', { fail: (call) => call === 'logMetrics' }],
    ['as the run was made', { lose: firstTime('createRun') }],
    ['as the run was finished', { lose: firstTime('finishRun') }],
    ['before the registration', { fail: (call) => call === 'createVersion' }],
    ['as the version was made', { lose: firstTime('createVersion') }],
    ['before the alias was moved', { fail: (call) => call === 'setAlias' }],
  ])('completes with the same command what a server left half done that died %s', async (_case, faults) => {
    const { store, train } = open();
    await expect(train({ store: failing(store, faults) })).rejects.toThrow('the server is away');
    const [cut] = await store.listRuns(EXPERIMENT);
    const result = await train();
    expect(result.runId).toBe(cut?.runId);
    await expectWhole(store, result);
    await expect(readPackage(join(result.outputDir, 'model'))).resolves.toBeDefined();
    expect((await store.getVersion('text', 1)).tags['metrics.weighted_f1']).toBe(
      String(result.metrics.weighted_f1),
    );
  });

  it('counts the time of an interrupted training', async () => {
    const { outputDir, store, train } = open();
    await expect(
      train({ store: failing(store, { fail: (call) => call === 'logArtifacts' }) }),
    ).rejects.toThrow();
    const { trainSeconds } = JSON.parse(
      await readFile(join(outputDir, '.checkpoint/identity.json'), 'utf8'),
    ) as {
      trainSeconds: number;
    };
    expect(trainSeconds).toBeGreaterThan(0);
    expect((await train()).metrics.train_seconds).toBeGreaterThan(trainSeconds);
  });

  it('does not train anew what only lacks its registration', async () => {
    const { store, train } = open();
    const fail = (call: Call) => call === 'createVersion';
    await expect(train({ store: failing(store, { fail }) })).rejects.toThrow('away');
    const calls: Call[] = [];
    await train({ store: failing(store, { fail: (call) => calls.push(call) === 0 }) });
    expect(calls).toContain('createVersion');
    expect(calls).not.toContain('logArtifacts');
  });

  it('begins no second run where the server cannot tell of the first', async () => {
    const { store, train } = open();
    await expect(
      train({ store: failing(store, { fail: (call) => call === 'logArtifacts' }) }),
    ).rejects.toThrow();
    await expect(train({ store: failing(store, { fail: (call) => call === 'getRun' }) })).rejects.toThrow(
      'away',
    );
    expect(await store.listRuns(EXPERIMENT)).toHaveLength(1);
  });

  it('fails a run for an error that does not pass', async () => {
    const { store, train } = open();
    const broken = new Proxy(store, {
      get: (target, call: Call) =>
        call === 'logArtifacts' ? () => Promise.reject(new Error('disk full')) : target[call],
    });
    await expect(train({ store: broken })).rejects.toThrow('disk full');
    expect((await store.listRuns(EXPERIMENT)).map(({ status }) => status)).toEqual(['FAILED']);
    const { runId } = await train();
    expect((await store.listRuns(EXPERIMENT)).map((run) => [run.runId === runId, run.status])).toEqual([
      [true, 'FINISHED'],
      [false, 'FAILED'],
    ]);
  });
});

describe('resolveFusionMember', () => {
  const member = (
    { dir, store }: ReturnType<typeof open>,
    { limitRows }: { limitRows?: number } = {},
    uri = 'models:/text@staging',
  ) =>
    readTrainingSet({ inputDir, seed: 42, limitRows } as TrainOptions).then((dataset) =>
      resolveFusionMember({ store, environment: { cacheDir: join(dir, 'cache') } }, uri, 'text', dataset),
    );

  it('matches held-out predictions to the rows of the limited data set', async () => {
    const place = open();
    await place.train({}, { limitRows: 30 });
    const { heldOut } = await member(place, { limitRows: 30 });
    const dataset = await readTrainingSet({ inputDir, seed: 42, limitRows: 30 } as TrainOptions);
    const classes = dataset.categories.length;
    const right = Array.from(heldOut.rows).filter((row, i) => {
      const answer = Array.from(heldOut.probabilities.subarray(i * classes, (i + 1) * classes));
      return answer.indexOf(Math.max(...answer)) === dataset.train[row]?.label;
    });
    expect(Math.max(...heldOut.rows)).toBeLessThan(30);
    // The categories share no word: predictions at the wrong rows would be right for a third of them.
    expect(right.length / heldOut.rows.length).toBeGreaterThan(0.9);
  });

  it('refuses a member of more or fewer rows', async () => {
    const place = open();
    await place.train({}, { limitRows: 30 });
    await expect(member(place)).rejects.toThrow(/another --limit-rows or --seed: run train-text/);
    await expect(member(place, { limitRows: 40 })).rejects.toThrow(/another --limit-rows/);
  });

  it('names the model whose run has no held-out predictions, and what to do', async () => {
    const place = open();
    const { outputDir } = await place.train();
    const elsewhere = { ...place, store: openModelStore({ registryDir: join(place.dir, 'other') }) };
    await expect(member(elsewhere, {}, join(outputDir, 'model'))).rejects.toThrow(
      /model: its run \w+ in .*other has no held_out_predictions\.csv.*run train-text on .*dataset again/,
    );
  });
});
