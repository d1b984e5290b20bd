import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseModelUri, resolveVersion } from './model-uri.js';
import { openModelStore } from './open-store.js';
import type { ModelStore } from './store.js';

/** What every store promises; the local registry is one. */
describe.each([['local registry', (dir: string) => openModelStore({ registryDir: join(dir, 'registry') })]])(
  'model store: %s',
  (_name, open) => {
    let dir: string;
    let store: ModelStore;

    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'vitrine-store-'));
      store = open(dir);
      await mkdir(join(dir, 'model/processors'), { recursive: true });
      await writeFile(join(dir, 'model/manifest.json'), '{"a":1}');
      await writeFile(join(dir, 'model/processors/words.bin'), Buffer.from([0, 255, 10]));
    });
    afterEach(() => rm(dir, { recursive: true, force: true }));

    const newRun = () => store.createRun({ experiment: 'e', name: 'r', tags: { modality: 'text' } });
    const newVersion = async (name = 'text') => {
      const run = await newRun();
      await store.logArtifacts(run.runId, join(dir, 'model'), 'model');
      return store.createVersion({ name, runId: run.runId, artifactPath: 'model', tags: { f1: '0.9' } });
    };

    it('gives back what a run was told', async () => {
      const { runId } = await newRun();
      await store.logParams(runId, { seed: '42', 'learning rate/é': '0.1' });
      await store.logMetrics(runId, [
        { key: 'loss', value: 2, step: 1, timestamp: 10 },
        { key: 'loss', value: 1, step: 2, timestamp: 20 },
      ]);
      await store.setTags(runId, { note: 'first\nsecond' });
      await store.finishRun(runId, 'FINISHED');
      const run = await store.getRun(runId);
      expect(run).toMatchObject({
        experiment: 'e',
        status: 'FINISHED',
        params: { seed: '42', 'learning rate/é': '0.1' },
        tags: { modality: 'text', note: 'first\nsecond' },
        metrics: { loss: 1 },
      });
      expect(run.endTime).toBeGreaterThanOrEqual(run.startTime);
      expect((await store.getMetricHistory(runId, 'loss')).map((m) => m.value)).toEqual([2, 1]);
    });

    it('lists the runs of one experiment, newest first, up to a limit', async () => {
      const first = await newRun();
      await new Promise((resolve) => setTimeout(resolve, 2));
      const second = await newRun();
      await store.createRun({ experiment: 'other', name: 'x' });
      expect((await store.listRuns('e')).map((run) => run.runId)).toEqual([second.runId, first.runId]);
      expect(await store.listRuns('e', { limit: 1 })).toHaveLength(1);
      expect(await store.listRuns('none')).toEqual([]);
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
      expect(await store.listArtifacts(runId, 'nothing')).toEqual([]);
      await store.downloadArtifacts(runId, 'model', join(dir, 'copy'));
      expect(await readFile(join(dir, 'copy/processors/words.bin'))).toEqual(Buffer.from([0, 255, 10]));
      await expect(store.downloadArtifacts(runId, 'nothing', join(dir, 'x'))).rejects.toMatchObject({
        code: 'RESOURCE_DOES_NOT_EXIST',
      });
    });

    it.each(['../outside', '/etc/passwd', 'a/../../b'])('refuses the artifact path %s', async (path) => {
      const { runId } = await newRun();
      await expect(store.logArtifacts(runId, join(dir, 'model'), path)).rejects.toMatchObject({
        code: 'INVALID_PARAMETER_VALUE',
      });
      await expect(store.downloadArtifacts(runId, path, join(dir, 'x'))).rejects.toMatchObject({
        code: 'INVALID_PARAMETER_VALUE',
      });
    });

    it.each(['', '..', '../up', 'a/b', 'a:b', 'x'.repeat(300)])('refuses the model name %j', async (name) => {
      const { runId } = await newRun();
      await store.logArtifacts(runId, join(dir, 'model'), 'model');
      await expect(store.createVersion({ name, runId, artifactPath: 'model' })).rejects.toMatchObject({
        code: 'INVALID_PARAMETER_VALUE',
      });
    });

    it('numbers versions and moves aliases', async () => {
      const one = await newVersion();
      const two = await newVersion();
      expect([one.version, two.version]).toEqual([1, 2]);
      expect(await store.findVersionByAlias('text', 'production')).toBeNull();
      await store.setAlias('text', 'production', 1);
      await store.setAlias('text', 'staging', 2);
      expect((await store.findVersionByAlias('text', 'production'))?.version).toBe(1);
      await store.setAlias('text', 'production', 2);
      expect((await store.getVersion('text', 2)).aliases.sort()).toEqual(['production', 'staging']);
      expect((await store.listVersions('text')).map((v) => v.version)).toEqual([2, 1]);
      expect((await store.findModel('text'))?.aliases).toEqual({ production: 2, staging: 2 });
      await store.deleteAlias('text', 'production');
      expect(await store.findVersionByAlias('text', 'production')).toBeNull();
    });

    it('gives concurrent registrations distinct numbers', async () => {
      const versions = await Promise.all(Array.from({ length: 12 }, () => newVersion('busy')));
      expect(versions.map((v) => v.version).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 12 }, (_, i) => i + 1),
      );
    });

    it('keeps tags of concurrent writers and downloads a version', async () => {
      const { version } = await newVersion();
      await Promise.all(
        Array.from({ length: 10 }, (_, i) => store.setVersionTags('text', version, { [`t${i}`]: String(i) })),
      );
      const found = await store.getVersion('text', version);
      expect(Object.keys(found.tags)).toHaveLength(11);
      await store.downloadVersion('text', version, join(dir, 'downloaded'));
      expect(await readFile(join(dir, 'downloaded/manifest.json'), 'utf8')).toBe('{"a":1}');
    });

    it('says what does not exist', async () => {
      const missing = { code: 'RESOURCE_DOES_NOT_EXIST' };
      await expect(store.getRun('nope')).rejects.toMatchObject(missing);
      await expect(store.getVersion('text', 7)).rejects.toMatchObject(missing);
      await newVersion();
      await expect(store.setAlias('text', 'production', 9)).rejects.toMatchObject(missing);
      expect(await store.findModel('other')).toBeNull();
      expect(await store.listVersions('other')).toEqual([]);
      const { runId } = await newRun();
      await expect(store.createVersion({ name: 'text', runId, artifactPath: 'model' })).rejects.toMatchObject(
        {
          code: 'INVALID_PARAMETER_VALUE',
        },
      );
    });

    it('resolves model URIs', async () => {
      await newVersion();
      await store.setAlias('text', 'production', 1);
      const resolve = (uri: string) =>
        resolveVersion(store, parseModelUri(uri) as Parameters<typeof resolveVersion>[1]);
      for (const uri of ['models:/text/1', 'models:/text@production', 'models:/text/Production']) {
        expect((await resolve(uri)).version).toBe(1);
      }
      await expect(resolve('models:/text/Staging')).rejects.toMatchObject({
        code: 'RESOURCE_DOES_NOT_EXIST',
      });
    });
  },
);

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
  it('takes a path or a file URL for a folder and refuses a server', () => {
    expect(openModelStore({ trackingUri: 'file:///tmp/r', registryDir: 'x' }).location).toBe('/tmp/r');
    expect(openModelStore({ trackingUri: '/tmp/r2', registryDir: 'x' }).location).toBe('/tmp/r2');
    expect(() => openModelStore({ trackingUri: 'http://localhost:5000', registryDir: 'x' })).toThrow(
      /not supported/,
    );
  });
});
