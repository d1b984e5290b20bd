import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModelStore } from '../open-store.js';
import type { ModelStore } from '../store.js';
import {
  describeWithServer,
  START_TIMEOUT_MS,
  startMlflowServer,
  type TestServer,
} from '../test-support/mlflow-server.js';
import { writeModelFolder } from '../test-support/model-folder.js';
import { syncStore } from './sync-store.js';

/** A local registry of two models, `text` with two versions and `image` with one. */
async function fill(store: ModelStore, dir: string, id = ''): Promise<void> {
  for (const [index, kind] of ['text', 'image', 'text'].entries()) {
    const name = kind + id;
    const { runId } = await store.createRun({
      experiment: `product-category${id}`,
      name: `${kind} ${index}`,
      startTime: 1_000_000 + index,
      tags: { modality: kind },
    });
    await store.logParams(runId, { seed: String(index), epochs: '3' });
    await store.logMetrics(
      runId,
      [3, 2, NaN].map((value, step) => ({ key: 'loss', value, step, timestamp: 5_000 + step })),
    );
    await store.logDatasets(runId, [{ name: 'demo', digest: 'd1', source: 'demo', context: 'training' }]);
    await writeFile(join(dir, 'report.txt'), `report ${index}`);
    await store.logArtifacts(runId, join(dir, 'report.txt'), '');
    await writeModelFolder(join(dir, 'model'), runId, `weights ${index}`);
    await store.logArtifacts(runId, join(dir, 'model'), 'model');
    await store.finishRun(runId, 'FINISHED', 2_000_000 + index);
    await store.createVersion({ name, runId, artifactPath: 'model', tags: { f1: `0.${index}` } });
  }
  await store.setAlias(`text${id}`, 'staging', 2);
  await store.setAlias(`text${id}`, 'production', 1);
}

function describeSync(open: (dir: string) => ModelStore): void {
  let dir: string;
  let from: ModelStore;
  let to: ModelStore;
  /** Names of a test's own: a server keeps what other tests wrote. */
  let experiment: string;
  let text: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-sync-spec-'));
    await mkdir(join(dir, 'work'));
    from = openModelStore({ registryDir: join(dir, 'from') });
    to = open(join(dir, 'to'));
    const id = ` ${randomUUID()}`;
    experiment = `product-category${id}`;
    text = `text${id}`;
    await fill(from, join(dir, 'work'), id);
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('copies everything once, and nothing the second time', async () => {
    const seen: string[] = [];
    const first = await syncStore(from, to, { onProgress: ({ name }) => seen.push(name) });
    expect(first).toEqual({
      runs: { copied: 3, unchanged: 0 },
      versions: { copied: 3, unchanged: 0 },
      aliases: { moved: 2, unchanged: 0, kept: 0 },
      skipped: [],
    });
    expect(seen).toEqual(['text 0', 'image 1', 'text 2', text.replace('text', 'image'), text]);
    expect(await syncStore(from, to)).toEqual({
      runs: { copied: 0, unchanged: 3 },
      versions: { copied: 0, unchanged: 3 },
      aliases: { moved: 0, unchanged: 2, kept: 0 },
      skipped: [],
    });

    const runs = await to.listRuns(experiment);
    expect(runs.map((run) => run.name)).toEqual(['text 2', 'image 1', 'text 0']);
    expect(runs[0]).toMatchObject({
      status: 'FINISHED',
      startTime: 1_000_002,
      endTime: 2_000_002,
      params: { seed: '2', epochs: '3' },
      tags: { modality: 'text' },
      datasets: [{ name: 'demo', digest: 'd1', source: 'demo', context: 'training' }],
    });
    const { runId } = runs[0]!;
    expect(await to.getMetricHistory(runId, 'loss')).toEqual(
      [3, 2, NaN].map((value, step) => ({ key: 'loss', value, step, timestamp: 5_000 + step })),
    );
    expect(await to.listArtifacts(runId)).toContain('report.txt');
    const version = await to.findVersionByAlias(text, 'staging');
    expect(version).toMatchObject({ version: 2, runId, source: `runs:/${runId}/model`, tags: { f1: '0.2' } });
    await to.downloadVersion(text, 2, join(dir, 'copy'));
    expect(await readFile(join(dir, 'copy/processors/words.bin'), 'utf8')).toBe('weights 2');
  });

  it('copies what is new and leaves what the target moved', async () => {
    await syncStore(from, to);
    const [run] = await from.listRuns(experiment, { limit: 1 });
    await from.createVersion({ name: text, runId: run!.runId, artifactPath: 'model' });
    await from.setVersionTags(text, 1, { note: 'new' });
    await from.setTags(run!.runId, { note: 'new' });
    await from.setAlias(text, 'staging', 3);
    await to.setAlias(text, 'production', 2);
    expect(await syncStore(from, to)).toEqual({
      runs: { copied: 1, unchanged: 2 },
      versions: { copied: 1, unchanged: 3 },
      aliases: { moved: 1, unchanged: 0, kept: 1 },
      skipped: [],
    });
    expect((await to.findModel(text))?.aliases).toEqual({ staging: 3, production: 2 });
    expect((await to.getVersion(text, 1)).tags.note).toBe('new');
    expect((await to.listRuns(experiment, { limit: 1 }))[0]?.tags.note).toBe('new');
    // The source moves it in turn, and lets go of the other.
    await from.setAlias(text, 'production', 3);
    await from.deleteAlias(text, 'staging');
    expect((await syncStore(from, to)).aliases).toEqual({ moved: 2, unchanged: 0, kept: 0 });
    expect((await to.findModel(text))?.aliases).toEqual({ production: 3 });
  });

  it('goes on with a run that is under way', async () => {
    const { runId } = await from.createRun({ experiment: `open ${experiment}`, name: 'r' });
    const metric = (step: number) => ({ key: 'loss', value: 1, step, timestamp: step + 1 });
    await from.logMetrics(runId, [metric(0)]);
    await syncStore(from, to);
    await from.logMetrics(runId, [metric(1)]);
    expect((await syncStore(from, to)).runs.copied).toBe(1);
    expect((await syncStore(from, to)).runs.copied).toBe(0);
    const [copy] = await to.listRuns(`open ${experiment}`);
    expect(copy).toMatchObject({ status: 'RUNNING', endTime: null });
    expect(await to.getMetricHistory(copy!.runId, 'loss')).toEqual([metric(0), metric(1)]);
  });

  it.each([1, 4, 9, 14, 20])('completes after it broke off at call %d', async (calls) => {
    const broken = breakAfter(to, calls);
    await expect(syncStore(from, broken)).rejects.toThrow('broke off');
    await syncStore(from, to);
    const runs = await to.listRuns(experiment);
    expect(runs.map((run) => run.name)).toEqual(['text 2', 'image 1', 'text 0']);
    for (const run of runs) {
      expect(await to.getMetricHistory(run.runId, 'loss')).toHaveLength(3);
      expect(await to.listArtifacts(run.runId)).toHaveLength(5);
    }
    expect((await to.listVersions(text)).map((version) => version.version)).toEqual([2, 1]);
    expect((await to.findModel(text))?.aliases).toEqual({ staging: 2, production: 1 });
  });

  it('stops where it is told to', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('enough'));
    await expect(syncStore(from, to, { onProgress, signal: controller.signal })).rejects.toThrow('enough');
    expect(await to.listRuns(experiment)).toHaveLength(1);
  });
}

/** A store whose writes fail after some, each failing one having been done: what a process killed there leaves. */
function breakAfter(store: ModelStore, calls: number): ModelStore {
  let left = calls;
  return new Proxy(store, {
    get(target, name: keyof ModelStore) {
      const method = target[name];
      if (typeof method !== 'function' || !/^(create|log|set|finish|delete)/.test(name)) return method;
      return async (...args: unknown[]) => {
        if (left-- <= 0) throw new Error('broke off');
        return (method as (...all: unknown[]) => Promise<unknown>)(...args);
      };
    },
  });
}

describe('sync between folders', () => {
  describeSync((dir) => openModelStore({ registryDir: dir }));

  it('copies a copy under its own ids', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vitrine-sync-spec-'));
    const [a, b, c] = ['a', 'b', 'c'].map((name) => openModelStore({ registryDir: join(dir, name) }));
    await mkdir(join(dir, 'work'));
    await fill(a!, join(dir, 'work'));
    await syncStore(a!, b!);
    expect((await syncStore(b!, c!)).versions.copied).toBe(3);
    expect((await syncStore(b!, c!)).versions.copied).toBe(0);
    await rm(dir, { recursive: true, force: true });
  });

  it('says which versions it cannot copy', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vitrine-sync-spec-'));
    const from = openModelStore({ registryDir: join(dir, 'a') });
    await mkdir(join(dir, 'work'));
    await fill(from, join(dir, 'work'));
    const { runId } = await from.getVersion('image', 1);
    await rm(join(dir, 'a/runs', runId as string), { recursive: true });
    const { skipped, versions } = await syncStore(from, openModelStore({ registryDir: join(dir, 'b') }));
    expect(versions.copied).toBe(2);
    expect(skipped).toEqual(['image version 1: its files are of no run of the source']);
    await rm(dir, { recursive: true, force: true });
  });
});

describeWithServer('sync from a folder to an MLflow server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMlflowServer();
  }, START_TIMEOUT_MS);
  afterAll(() => server?.stop());

  describeSync((dir) => openModelStore({ trackingUri: server.url, registryDir: dir }));
});
