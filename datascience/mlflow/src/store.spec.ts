import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseModelUri, resolveVersion } from './model-uri.js';
import { openModelStore } from './open-store.js';
import type { ModelStore } from './store.js';
import {
  describeWithServer,
  START_TIMEOUT_MS,
  startMlflowServer,
  type TestServer,
} from './test-support/mlflow-server.js';

/** What every store promises: one suite, on the local registry and on a real MLflow server. */
function describeContract(open: (dir: string) => ModelStore): void {
  let dir: string;
  let store: ModelStore;
  /** Names of a test's own: a server keeps what other tests wrote. */
  let experiment: string;
  let text: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-store-'));
    store = open(dir);
    experiment = `e ${randomUUID()}`;
    text = `text ${randomUUID()}`;
    await mkdir(join(dir, 'model/processors'), { recursive: true });
    await writeFile(join(dir, 'model/manifest.json'), '{"a":1}');
    await writeFile(join(dir, 'model/processors/words.bin'), Buffer.from([0, 255, 10]));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const newRun = () => store.createRun({ experiment, name: 'r', tags: { modality: 'text' } });
  const newVersion = async (name = text) => {
    const run = await newRun();
    await store.logArtifacts(run.runId, join(dir, 'model'), 'model');
    return store.createVersion({ name, runId: run.runId, artifactPath: 'model', tags: { f1: '0.9' } });
  };

  it('answers a ping and says where it is', async () => {
    await store.ping();
    expect(store.location).not.toBe('');
  });

  it('gives back what a run was told', async () => {
    const { runId } = await newRun();
    await store.logParams(runId, { seed: '42', 'learning rate/é': '0.1', empty: '' });
    await store.logMetrics(runId, [
      { key: 'loss', value: 2, step: 1, timestamp: 10 },
      { key: 'loss', value: 1, step: 2, timestamp: 20 },
    ]);
    await store.setTags(runId, { note: 'first\nsecond' });
    await store.finishRun(runId, 'FINISHED');
    const run = await store.getRun(runId);
    expect(run).toMatchObject({
      experiment,
      name: 'r',
      status: 'FINISHED',
      params: { seed: '42', 'learning rate/é': '0.1', empty: '' },
      tags: { modality: 'text', note: 'first\nsecond' },
      metrics: { loss: 1 },
      datasets: [],
    });
    expect(run.endTime).toBeGreaterThanOrEqual(run.startTime);
    expect(await store.getMetricHistory(runId, 'loss')).toEqual([
      { key: 'loss', value: 2, step: 1, timestamp: 10 },
      { key: 'loss', value: 1, step: 2, timestamp: 20 },
    ]);
    expect(await store.getMetricHistory(runId, 'never logged')).toEqual([]);
  });

  it('keeps the times that it is given', async () => {
    const run = await store.createRun({ experiment, name: 'r', startTime: 1_000_000 });
    await store.finishRun(run.runId, 'FAILED', 2_000_000);
    expect(await store.getRun(run.runId)).toMatchObject({
      startTime: 1_000_000,
      endTime: 2_000_000,
      status: 'FAILED',
    });
  });

  it('keeps numbers that JSON cannot hold', async () => {
    const { runId } = await newRun();
    const values = [NaN, Infinity, -Infinity, 1e-300, -0.1];
    await store.logMetrics(
      runId,
      values.map((value, step) => ({ key: 'odd', value, step, timestamp: step + 1 })),
    );
    expect((await store.getMetricHistory(runId, 'odd')).map((metric) => metric.value)).toEqual(values);
  });

  it('keeps more than a server takes in one call', async () => {
    const { runId } = await newRun();
    const metrics = Array.from({ length: 2_500 }, (_, step) => ({
      key: 'loss',
      value: 1 / (step + 1),
      step,
      timestamp: 1_000 + step,
    }));
    const params = Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`p${i}`, 'é'.repeat(2_000)]));
    await store.logMetrics(runId, metrics);
    await store.logParams(runId, params);
    expect(await store.getMetricHistory(runId, 'loss')).toEqual(metrics);
    expect((await store.getRun(runId)).params).toEqual(params);
  });

  it('keeps the first value of a parameter', async () => {
    const { runId } = await newRun();
    await store.logParams(runId, { seed: '42' });
    await store.logParams(runId, { seed: '42', other: '1' });
    await expect(store.logParams(runId, { seed: '43' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER_VALUE',
    });
    expect((await store.getRun(runId)).params).toEqual({ seed: '42', other: '1' });
  });

  it.each(['', 'a*b', '../a', 'a//b', '/a', 'x'.repeat(251)])('refuses the key %j', async (key) => {
    const { runId } = await newRun();
    const invalid = { code: 'INVALID_PARAMETER_VALUE' };
    await expect(store.logParams(runId, { [key]: '1' })).rejects.toMatchObject(invalid);
    await expect(store.setTags(runId, { [key]: '1' })).rejects.toMatchObject(invalid);
    await expect(store.logMetrics(runId, [{ key, value: 1, step: 0, timestamp: 1 }])).rejects.toMatchObject(
      invalid,
    );
  });

  it('remembers the data sets that a run read, each once', async () => {
    const { runId } = await newRun();
    const dataset = {
      name: 'flipkart',
      digest: 'a'.repeat(36),
      source: '/data/flipkart',
      context: 'training',
    };
    await store.logDatasets(runId, [dataset]);
    await store.logDatasets(runId, [dataset, { ...dataset, digest: 'b', context: 'test' }]);
    const { datasets } = await store.getRun(runId);
    expect(datasets.sort((a, b) => (a.digest < b.digest ? -1 : 1))).toEqual([
      dataset,
      { ...dataset, digest: 'b', context: 'test' },
    ]);
  });

  it('lists the runs of one experiment, newest first, up to a limit', async () => {
    const first = await newRun();
    await new Promise((resolve) => setTimeout(resolve, 2));
    const second = await newRun();
    await store.createRun({ experiment: `other ${randomUUID()}`, name: 'x' });
    expect((await store.listRuns(experiment)).map((run) => run.runId)).toEqual([second.runId, first.runId]);
    expect(await store.listRuns(experiment, { limit: 1 })).toHaveLength(1);
    expect(await store.listRuns('none')).toEqual([]);
    expect(await store.listExperiments()).toContain(experiment);
  });

  it('finds runs by their tags', async () => {
    const { runId } = await newRun();
    await newRun();
    await store.setTags(runId, { 'source.id': 'it\'s "one"'.slice(0, 4), kind: 'a' });
    const find = async (tags: Record<string, string>) =>
      (await store.listRuns(experiment, { tags })).map((run) => run.runId);
    expect(await find({ 'source.id': "it's" })).toEqual([runId]);
    expect(await find({ 'source.id': "it's", kind: 'b' })).toEqual([]);
    expect(await find({ modality: 'text' })).toHaveLength(2);
  });

  it('keeps artifacts byte for byte, files and folders', async () => {
    const { runId } = await newRun();
    await store.logArtifacts(runId, join(dir, 'model'), 'model');
    await store.logArtifacts(runId, join(dir, 'model/manifest.json'), '');
    expect(await store.listArtifacts(runId)).toEqual([
      'manifest.json',
      'model/manifest.json',
      'model/processors/words.bin',
    ]);
    expect(await store.listArtifacts(runId, 'model/processors')).toEqual(['model/processors/words.bin']);
    expect(await store.listArtifacts(runId, 'nothing')).toEqual([]);
    await store.downloadArtifacts(runId, 'model', join(dir, 'copy'));
    expect(await readFile(join(dir, 'copy/processors/words.bin'))).toEqual(Buffer.from([0, 255, 10]));
    await store.downloadArtifacts(runId, 'model/manifest.json', join(dir, 'one'));
    expect(await readFile(join(dir, 'one/manifest.json'), 'utf8')).toBe('{"a":1}');
    await expect(store.downloadArtifacts(runId, 'nothing', join(dir, 'x'))).rejects.toMatchObject({
      code: 'RESOURCE_DOES_NOT_EXIST',
    });
  });

  it('keeps files of any name, size and number', async () => {
    const { runId } = await newRun();
    const contents = new Map<string, Buffer>([
      ["a b+c&d=1,2;'é.txt", Buffer.from('odd name')],
      ['日本 (1).csv', Buffer.from('wide')],
      ['empty', Buffer.alloc(0)],
      ['deep/er/large.bin', Buffer.alloc(3_000_000, 7)],
      ...Array.from({ length: 20 }, (_, i) => [`many/${i}`, Buffer.from(String(i))] as const),
    ]);
    for (const [path, content] of contents) {
      await mkdir(dirname(join(dir, 'odd', path)), { recursive: true });
      await writeFile(join(dir, 'odd', path), content);
    }
    await store.logArtifacts(runId, join(dir, 'odd'), 'x y');
    const listed = await store.listArtifacts(runId);
    expect(listed).toEqual([...contents.keys()].map((path) => `x y/${path}`).sort());
    await store.downloadArtifacts(runId, '', join(dir, 'back'));
    for (const [path, content] of contents) {
      expect((await readFile(join(dir, 'back/x y', path))).equals(content)).toBe(true);
    }
  });

  it.each(['a#b', 'a?b', 'a%20b', 'a\nb', '.artifact.uploading.x'])(
    'refuses a file named %j',
    async (name) => {
      const { runId } = await newRun();
      await writeFile(join(dir, 'model', name), 'x');
      for (const path of [join(dir, 'model'), join(dir, 'model', name)]) {
        await expect(store.logArtifacts(runId, path, 'model')).rejects.toMatchObject({
          code: 'INVALID_PARAMETER_VALUE',
        });
      }
      expect(await store.listArtifacts(runId)).toEqual([]);
    },
  );

  it('overwrites a file that is logged again', async () => {
    const { runId } = await newRun();
    for (const text of ['first and longer', 'second']) {
      await writeFile(join(dir, 'note.txt'), text);
      await store.logArtifacts(runId, join(dir, 'note.txt'), '');
    }
    await store.downloadArtifacts(runId, 'note.txt', join(dir, 'copy'));
    expect(await readFile(join(dir, 'copy/note.txt'), 'utf8')).toBe('second');
  });

  it('keeps a model with an MLmodel file like any other folder', async () => {
    await writeFile(join(dir, 'model/MLmodel'), 'flavors: {}\n');
    const { version, source, runId } = await newVersion();
    expect(source).toBe(`runs:/${runId}/model`);
    const paths = ['MLmodel', 'manifest.json', 'processors/words.bin'];
    expect(await store.listArtifacts(runId as string)).toEqual(paths.map((path) => `model/${path}`));
    expect(await store.listArtifacts(runId as string, 'model/processors')).toEqual([
      'model/processors/words.bin',
    ]);
    await store.downloadArtifacts(runId as string, 'model/manifest.json', join(dir, 'one'));
    expect(await readFile(join(dir, 'one/manifest.json'), 'utf8')).toBe('{"a":1}');
    await store.downloadArtifacts(runId as string, '', join(dir, 'all'));
    expect(await readFile(join(dir, 'all/model/processors/words.bin'))).toHaveLength(3);
    await store.downloadVersion(text, version, join(dir, 'version'));
    expect(await readFile(join(dir, 'version/MLmodel'), 'utf8')).toBe('flavors: {}\n');
    await store.finishRun(runId as string, 'FINISHED');
  });

  it.each(['../outside', '/etc/passwd', 'a/../../b'])('refuses the artifact path %s', async (path) => {
    const { runId } = await newRun();
    const invalid = { code: 'INVALID_PARAMETER_VALUE' };
    await expect(store.logArtifacts(runId, join(dir, 'model'), path)).rejects.toMatchObject(invalid);
    await expect(store.downloadArtifacts(runId, path, join(dir, 'x'))).rejects.toMatchObject(invalid);
    await expect(store.listArtifacts(runId, path)).rejects.toMatchObject(invalid);
  });

  it.each(['', '..', '../up', 'a/b', 'a:b', 'x'.repeat(300)])('refuses the model name %j', async (name) => {
    const { runId } = await newRun();
    await store.logArtifacts(runId, join(dir, 'model'), 'model');
    const invalid = { code: 'INVALID_PARAMETER_VALUE' };
    await expect(store.createVersion({ name, runId, artifactPath: 'model' })).rejects.toMatchObject(invalid);
    await expect(store.findModel(name)).rejects.toMatchObject(invalid);
    await expect(store.findVersionByAlias(name, 'production')).rejects.toMatchObject(invalid);
  });

  it.each(['', 'latest', 'v3', 'a/b', 'a b'])('refuses the alias %j', async (alias) => {
    await newVersion();
    const invalid = { code: 'INVALID_PARAMETER_VALUE' };
    await expect(store.setAlias(text, alias, 1)).rejects.toMatchObject(invalid);
    await expect(store.findVersionByAlias(text, alias)).rejects.toMatchObject(invalid);
  });

  it('numbers versions and moves aliases', async () => {
    const one = await newVersion();
    const two = await newVersion();
    expect([one.version, two.version]).toEqual([1, 2]);
    expect(one).toMatchObject({ name: text, source: `runs:/${one.runId}/model`, tags: { f1: '0.9' } });
    expect(Math.abs(one.createdAt - Date.now())).toBeLessThan(60_000);
    expect(await store.findVersionByAlias(text, 'production')).toBeNull();
    await store.setAlias(text, 'production', 1);
    await store.setAlias(text, 'staging', 2);
    expect((await store.findVersionByAlias(text, 'production'))?.version).toBe(1);
    await store.setAlias(text, 'production', 2);
    expect((await store.getVersion(text, 2)).aliases.sort()).toEqual(['production', 'staging']);
    const versions = await store.listVersions(text);
    expect(versions.map((v) => v.version)).toEqual([2, 1]);
    expect(versions.map((v) => v.aliases.sort())).toEqual([['production', 'staging'], []]);
    expect((await store.findVersionByAlias(text, 'staging'))?.aliases.sort()).toEqual([
      'production',
      'staging',
    ]);
    expect((await store.findModel(text))?.aliases).toEqual({ production: 2, staging: 2 });
    const listed = (await store.listModels()).find((model) => model.name === text);
    expect(listed?.aliases).toEqual({ production: 2, staging: 2 });
    await store.deleteAlias(text, 'production');
    await store.deleteAlias(text, 'production');
    expect(await store.findVersionByAlias(text, 'production')).toBeNull();
  });

  it('tells versions of one logged folder and their descriptions apart', async () => {
    const { runId } = await newVersion();
    const again = await store.createVersion({
      name: text,
      runId: runId as string,
      artifactPath: 'model',
      description: 'the same files',
    });
    expect(again).toMatchObject({ version: 2, runId, description: 'the same files' });
  });

  it('gives concurrent registrations distinct numbers', async () => {
    const versions = await Promise.all(Array.from({ length: 12 }, () => newVersion()));
    expect(versions.map((v) => v.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
  });

  it('keeps tags of concurrent writers and downloads a version', async () => {
    const { version } = await newVersion();
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => store.setVersionTags(text, version, { [`t${i}`]: String(i) })),
    );
    const found = await store.getVersion(text, version);
    expect(Object.keys(found.tags)).toHaveLength(11);
    await store.downloadVersion(text, version, join(dir, 'downloaded'));
    expect(await readFile(join(dir, 'downloaded/manifest.json'), 'utf8')).toBe('{"a":1}');
    await store.setModelTags(text, { owner: 'catalogue' });
    expect((await store.findModel(text))?.tags).toEqual({ owner: 'catalogue' });
  });

  it('says what does not exist', async () => {
    const missing = { code: 'RESOURCE_DOES_NOT_EXIST' };
    await expect(store.getRun('nope')).rejects.toMatchObject(missing);
    await expect(store.logParams('nope', { a: '1' })).rejects.toMatchObject(missing);
    await expect(
      store.logMetrics('nope', [{ key: 'a', value: 1, step: 0, timestamp: 1 }]),
    ).rejects.toMatchObject(missing);
    await expect(store.listArtifacts('nope')).rejects.toMatchObject(missing);
    await expect(store.getMetricHistory('nope', 'loss')).rejects.toMatchObject(missing);
    await expect(store.finishRun('nope', 'KILLED')).rejects.toMatchObject(missing);
    await expect(store.getVersion(text, 7)).rejects.toMatchObject(missing);
    await expect(store.setModelTags(text, { a: '1' })).rejects.toMatchObject(missing);
    await newVersion();
    await expect(store.setAlias(text, 'production', 9)).rejects.toMatchObject(missing);
    await expect(store.setVersionTags(text, 9, { a: '1' })).rejects.toMatchObject(missing);
    await expect(store.downloadVersion(text, 9, join(dir, 'x'))).rejects.toMatchObject(missing);
    expect(await store.findModel(`other ${text}`)).toBeNull();
    expect(await store.findVersionByAlias(`other ${text}`, 'production')).toBeNull();
    expect(await store.listVersions(`other ${text}`)).toEqual([]);
    await store.deleteAlias(`other ${text}`, 'production');
    const { runId } = await newRun();
    await expect(store.createVersion({ name: text, runId, artifactPath: 'model' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER_VALUE',
    });
  });

  it('resolves model URIs', async () => {
    await newVersion();
    await store.setAlias(text, 'production', 1);
    const resolve = (uri: string) =>
      resolveVersion(store, parseModelUri(uri) as Parameters<typeof resolveVersion>[1]);
    for (const uri of [`models:/${text}/1`, `models:/${text}@production`, `models:/${text}/Production`]) {
      expect((await resolve(uri)).version).toBe(1);
    }
    await expect(resolve(`models:/${text}/Staging`)).rejects.toMatchObject({
      code: 'RESOURCE_DOES_NOT_EXIST',
    });
  });
}

describe('model store: local registry', () => {
  describeContract((dir) => openModelStore({ registryDir: join(dir, 'registry') }));
});

describeWithServer('model store: MLflow server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMlflowServer();
  }, START_TIMEOUT_MS);
  afterAll(() => server?.stop());

  describeContract((dir) => openModelStore({ trackingUri: server.url, registryDir: dir }));
});

describe('local registry after a crash', () => {
  it('ignores a version folder without its record and a metric line cut short', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vitrine-store-'));
    const store = openModelStore({ registryDir: dir });
    const { runId } = await store.createRun({ experiment: 'e', name: 'r' });
    await store.logMetrics(runId, [{ key: 'loss', value: 1, step: 0, timestamp: 1 }]);
    await writeFile(join(dir, 'runs', runId, 'metrics.jsonl'), '["loss",0.', { flag: 'a' });
    expect((await store.getRun(runId)).metrics).toEqual({ loss: 1 });
    await writeFile(join(dir, 'f'), 'x');
    await store.logArtifacts(runId, join(dir, 'f'), 'model');
    await mkdir(join(dir, 'models/text/versions/1'), { recursive: true });
    const version = await store.createVersion({ name: 'text', runId, artifactPath: 'model' });
    expect(version.version).toBe(2);
    expect((await store.listVersions('text')).map((v) => v.version)).toEqual([2]);
    await rm(dir, { recursive: true, force: true });
  });
});

describe('parseModelUri', () => {
  it.each([
    ['models:/n/3', { kind: 'version', name: 'n', version: 3 }],
    ['models:/n@a', { kind: 'alias', name: 'n', alias: 'a' }],
    ['models:/n/Staging', { kind: 'alias', name: 'n', alias: 'staging' }],
    ['models:/n/production', { kind: 'alias', name: 'n', alias: 'production' }],
    ['runs:/abc/model', { kind: 'run', runId: 'abc', artifactPath: 'model' }],
    ['runs:/abc/deep/model', { kind: 'run', runId: 'abc', artifactPath: 'deep/model' }],
    ['./out/model', { kind: 'path', path: './out/model' }],
    ['/tmp/m', { kind: 'path', path: '/tmp/m' }],
  ])('reads %s', (uri, expected) => expect(parseModelUri(uri)).toEqual(expected));

  it.each([
    '',
    'models:/',
    'models:/n',
    'models:/n/0',
    'models:/n/1.5',
    'models:/n/Archived',
    'runs:/abc',
    's3://b/m',
  ])('refuses %j', (uri) => expect(() => parseModelUri(uri)).toThrow(/not a model URI/));
});

describe('openModelStore', () => {
  it('takes http for a server, a path or a file URL for a folder, and refuses the rest', () => {
    expect(openModelStore({ trackingUri: 'file:///tmp/r', registryDir: 'x' }).location).toBe('/tmp/r');
    expect(openModelStore({ trackingUri: '/tmp/r2', registryDir: 'x' }).location).toBe('/tmp/r2');
    const server = 'http://user:se%20cret@localhost:5000/mlflow/';
    const store = openModelStore({ trackingUri: server, registryDir: 'x' });
    expect(store.location).toBe('http://localhost:5000/mlflow');
    expect(() => openModelStore({ trackingUri: 'databricks://x', registryDir: 'x' })).toThrow(/neither/);
  });
});
