import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { openModelStore } from '../open-store.js';
import type { ModelStore } from '../store.js';
import { syncStore } from '../sync/sync-store.js';
import {
  ADMIN,
  describeWithServer,
  START_TIMEOUT_MS,
  startMlflowServer,
  type TestServer,
} from '../test-support/mlflow-server.js';
import { writeModelFolder } from '../test-support/model-folder.js';
import { openServerStore } from './server-store.js';

const TIMEOUT_MS = 2 * START_TIMEOUT_MS;
const unavailable = { code: 'TEMPORARILY_UNAVAILABLE' };

describeWithServer('a real server that dies, stands still or refuses', () => {
  let server: TestServer;
  let dir: string;

  beforeAll(async () => {
    server = await startMlflowServer();
  }, START_TIMEOUT_MS);
  afterAll(() => server?.stop());
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-failures-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  /** A package whose second file takes a moment to upload. */
  async function largePackage(runId: string): Promise<string> {
    const model = await writeModelFolder(join(dir, 'model'), runId);
    await writeFile(join(model, 'network.onnx'), '');
    await truncate(join(model, 'network.onnx'), 400 * 2 ** 20);
    return model;
  }

  it(
    'killed in the middle of an upload, it has nothing half, and the same command completes',
    async () => {
      const store = openServerStore({ trackingUri: server.url, retries: 1, retryDelayMs: 10 });
      const { runId } = await store.createRun({ experiment: 'kill', name: 'r' });
      const model = await largePackage(runId);
      const register = async () => {
        await store.logArtifacts(runId, model, 'model');
        await store.finishRun(runId, 'FINISHED');
        return store.createVersion({ name: 'killed', runId, artifactPath: 'model' });
      };
      const interrupted = register();
      interrupted.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 150));
      await server.kill();
      await expect(interrupted).rejects.toMatchObject(unavailable);
      await expect(store.ping()).rejects.toMatchObject(unavailable);
      await server.restart();
      expect(await store.listArtifacts(runId)).not.toContain('model/network.onnx');
      expect(await store.findModel('killed')).toBeNull();
      await expect(
        store.createVersion({ name: 'killed', runId, artifactPath: 'model' }),
      ).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
      expect(await register()).toMatchObject({ version: 1, runId });
      expect((await store.listArtifacts(runId)).length).toBe(5);
    },
    TIMEOUT_MS,
  );

  it('keeps no half file of a client that was cut off', async () => {
    const controller = new AbortController();
    const store = openServerStore({ trackingUri: server.url });
    const { runId } = await store.createRun({ experiment: 'cut', name: 'r' });
    const model = await largePackage(runId);
    const cut = openServerStore({ trackingUri: server.url, signal: controller.signal });
    const upload = cut.logArtifacts(runId, join(model, 'network.onnx'), '');
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 100);
    await expect(upload).rejects.toThrow('Ctrl-C');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await store.listArtifacts(runId)).toEqual([]);
  });

  it(
    'killed in the middle of a synchronisation, the next one completes it without duplicates',
    async () => {
      const from = openModelStore({ registryDir: join(dir, 'registry') });
      await fill(from, dir);
      const to = openServerStore({ trackingUri: server.url, retries: 1, retryDelayMs: 10 });
      let killing: Promise<void> | null = null;
      const sync = syncStore(from, to, { onProgress: () => (killing ??= server.kill()) });
      await expect(sync).rejects.toMatchObject(unavailable);
      await killing;
      await server.restart();
      await syncStore(from, to);
      expect(await syncStore(from, to)).toMatchObject({
        runs: { copied: 0, unchanged: 4 },
        versions: { copied: 0, unchanged: 4 },
        aliases: { moved: 0, unchanged: 1 },
      });
      const runs = await to.listRuns('sync');
      expect(runs.map((run) => run.name)).toEqual(['3', '2', '1', '0']);
      expect((await to.listVersions('sync')).map((version) => version.version)).toEqual([4, 3, 2, 1]);
      expect((await to.findVersionByAlias('sync', 'production'))?.version).toBe(3);
      for (const { runId } of runs) expect(await to.listArtifacts(runId)).toHaveLength(4);
    },
    TIMEOUT_MS,
  );

  it('standing still, it is not waited for', async () => {
    const store = openServerStore({ trackingUri: server.url, timeoutMs: 400, transferTimeoutMs: 400 });
    const { runId } = await store.createRun({ experiment: 'slow', name: 'r' });
    server.pause();
    try {
      const started = Date.now();
      await expect(store.getRun(runId)).rejects.toMatchObject(unavailable);
      await expect(store.createRun({ experiment: 'slow', name: 'r' })).rejects.toMatchObject(unavailable);
      expect(Date.now() - started).toBeLessThan(5_000);
    } finally {
      server.resume();
    }
    expect((await store.getRun(runId)).name).toBe('r');
  });
});

describeWithServer('a real server with basic authentication', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startMlflowServer({ auth: true });
  }, START_TIMEOUT_MS);
  afterAll(() => server?.stop());

  const open = (username?: string, password = '') =>
    openModelStore({
      trackingUri: server.url,
      registryDir: '',
      credentials: username === undefined ? undefined : { kind: 'basic', username, password },
    });

  it('lets in who it knows', async () => {
    const store = open(ADMIN.username, ADMIN.password);
    await store.ping();
    const { runId } = await store.createRun({ experiment: 'auth', name: 'r' });
    expect((await store.getRun(runId)).experiment).toBe('auth');
    const inAddress = server.url.replace('//', `//${ADMIN.username}:${encodeURIComponent(ADMIN.password)}@`);
    const other = openModelStore({ trackingUri: inAddress, registryDir: '' });
    await other.ping();
    expect(other.location).toBe(server.url);
  });

  it.each([
    ['no credentials', undefined, ''],
    ['a wrong password', ADMIN.username, 'wrong horse'],
    ['an unknown user', 'nobody', 'wrong horse'],
  ])('refuses %s and does not tell them', async (_case, username, password) => {
    const store = open(username, password);
    for (const call of [() => store.ping(), () => store.getRun('a'), () => store.listModels()]) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
      expect(inspect(error, { depth: 9 })).not.toContain('wrong horse');
    }
  });

  it('refuses who may only read', async () => {
    const admin = open(ADMIN.username, ADMIN.password);
    const { runId } = await admin.createRun({ experiment: `auth ${randomUUID()}`, name: 'r' });
    const headers = {
      authorization: `Basic ${Buffer.from(`${ADMIN.username}:${ADMIN.password}`).toString('base64')}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ username: 'reader', password: 'a long password' });
    const path = `${server.url}/api/2.0/mlflow/users/create`;
    expect((await fetch(path, { method: 'POST', headers, body })).status).toBe(200);
    const reader = open('reader', 'a long password');
    expect((await reader.getRun(runId)).name).toBe('r');
    await expect(reader.logParams(runId, { a: '1' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      status: 403,
    });
  });
});

/** Four runs, each with a version. */
async function fill(store: ModelStore, dir: string): Promise<void> {
  for (let i = 0; i < 4; i++) {
    const { runId } = await store.createRun({ experiment: 'sync', name: String(i), startTime: 1_000 + i });
    await store.logMetrics(runId, [{ key: 'loss', value: i, step: 0, timestamp: 1 }]);
    await writeModelFolder(join(dir, 'model'), runId);
    await store.logArtifacts(runId, join(dir, 'model'), 'model');
    await store.finishRun(runId, 'FINISHED');
    await store.createVersion({ name: 'sync', runId, artifactPath: 'model' });
  }
  await store.setAlias('sync', 'production', 3);
}
