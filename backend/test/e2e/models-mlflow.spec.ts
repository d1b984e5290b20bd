import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openModelStore, type ModelStore } from '@vitrine/mlflow';
import type { TestServer } from '../../../datascience/mlflow/src/test-support/mlflow-server.js';
import { ModelHost } from '../../src/models/host/model-host.js';
import type { PromotionDto, PromotionResultDto } from '../../src/models/promotions/dto/promotion.dto.js';
import { writePackage } from '../fixtures/tiny-packages.js';
import type { ApiClient } from '../support/api-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const SECRET = 'a secret for tests';
const TIMEOUT_MS = 120_000;

/** Installed before this file's tests are chosen, so that those which cannot run are reported as skipped. */
const isInstalled = installMlflow();
const describeWithServer = isInstalled ? describe : describe.skip;

function installMlflow(): boolean {
  const script = join(import.meta.dirname, '../../../scripts/mlflow-server.sh');
  const { status, stdout, stderr } = spawnSync(script, ['--install-only'], {
    encoding: 'utf8',
    timeout: 15 * 60_000,
  });
  // How the server's own test support is told where it is.
  if (status === 0) process.env.VITRINE_TEST_MLFLOW_VENV = stdout.trimEnd().split('\n').at(-1);
  else
    process.stderr.write(
      `\nSKIPPED: the API over a real MLflow server, which cannot be installed:\n${stderr}\n`,
    );
  return status === 0;
}

describeWithServer('models of a real MLflow server', () => {
  let server: TestServer;
  let store: ModelStore;
  let test: TestApp;
  let host: ModelHost;
  let admin: ApiClient;
  let dir: string;

  beforeAll(async () => {
    const support = await import('../../../datascience/mlflow/src/test-support/mlflow-server.js');
    dir = await mkdtemp(join(tmpdir(), 'vitrine-models-'));
    server = await support.startMlflowServer({
      artifacts: join(dir, 'artifacts'),
      env: {
        MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http',
        MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
        // Else a webhook made after an event of its kind is heard of a minute later.
        MLFLOW_WEBHOOK_CACHE_TTL: '0',
      },
    });
    store = openModelStore({ trackingUri: server.url, registryDir: dir });
    await store.setAlias('text', 'production', await register(0.9, { sharpness: 1 }));
    await register(0.91, { sharpness: 0.5 });
    test = await startApi('cache');
    host = test.app.get(ModelHost);
    admin = await test.admin();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await test?.close();
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  }, TIMEOUT_MS);

  const startApi = (cache: string) =>
    createTestApp({
      env: {
        MLFLOW_TRACKING_URI: server.url,
        MODELS_CACHE_DIR: join(dir, cache),
        MLFLOW_WEBHOOK_SECRET: SECRET,
      },
    });

  /** Registers a text package, which `damage` may spoil first. */
  async function register(
    f1: number,
    { sharpness = 1, damage }: { sharpness?: number; damage?: (dir: string) => Promise<void> } = {},
  ): Promise<number> {
    const folder = await mkdtemp(join(dir, 'package-'));
    await writePackage.text(folder, { sharpness });
    await damage?.(folder);
    const { runId } = await store.createRun({ experiment: 'test', name: 'text' });
    await store.logArtifacts(runId, folder, 'model');
    const tags = { test_hash: 'same', 'metrics.weighted_f1': String(f1), 'metrics.log_loss': '0.3' };
    return (await store.createVersion({ name: 'text', runId, artifactPath: 'model', tags })).version;
  }
  const promote = (version: number, force = false) =>
    admin.send<PromotionResultDto>('POST', '/api/v1/models/text/promote', {
      json: { version, reason: 'a test', force },
    });
  const predict = async (client = admin) => {
    const { status, body } = await client.send<{ model: { version: number } }>('POST', '/api/v1/predict', {
      json: { designation: 'livre' },
    });
    return { status, version: body.model?.version };
  };
  const readiness = async (app = test) => {
    const { status, body } = await app.client.get<{ dependencies: { models: Record<string, unknown> } }>(
      '/health/ready',
    );
    return { status, text: body.dependencies.models.text };
  };
  const latest = async () => {
    const { body } = await admin.get<{ items: PromotionDto[] }>('/api/v1/models/text/history?limit=1');
    return body.items[0]!;
  };

  it('promotes through the API, and the server shows who did it', async () => {
    const { status, body } = await promote(2);
    expect(status).toBe(200);
    expect(body.serving).toMatchObject({ state: 'ready', version: 2 });
    expect(await predict()).toEqual({ status: 200, version: 2 });
    const inPlace = await store.findVersionByAlias('text', 'production');
    expect(inPlace).toMatchObject({
      version: 2,
      tags: { 'promotion.production.id': body.promotion.id, 'promotion.production.reason': 'a test' },
    });
  });

  it('takes the webhook that the server signs when an alias moves', async () => {
    const created = await fetch(`${server.url}/api/2.0/mlflow/webhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'vitrine',
        url: `${test.url}/api/v1/models/webhook`,
        secret: SECRET,
        status: 'ACTIVE',
        events: [{ entity: 'MODEL_VERSION_ALIAS', action: 'CREATED' }],
      }),
    });
    expect({ status: created.status, text: created.ok ? '' : await created.text() }).toEqual({
      status: 200,
      text: '',
    });
    await store.setAlias('text', 'production', 1);
    const deadline = Date.now() + 15_000;
    while (host.current('text')?.version !== 1 && Date.now() < deadline) await wait(20);
    expect(await predict()).toEqual({ status: 200, version: 1 });
    expect(await latest()).toMatchObject({ from_version: 2, to_version: 1, source: 'direct' });
  }, 30_000);

  it.each<[string, string, (folder: string) => Promise<void>]>([
    [
      'a file that is not what its hash says',
      'hash-mismatch',
      (folder) => spoil(folder, 'processors/words.bin'),
    ],
    ['golden answers that it does not give', 'golden-mismatch', falsifyGolden],
    ['no manifest', 'package-missing', (folder) => rm(join(folder, 'manifest.json'))],
  ])(
    'keeps the last good version before one with %s',
    async (_case, code, damage) => {
      const version = await register(0.95, { damage });
      const { status, body } = await promote(version, true);
      expect(status).toBe(200);
      expect(body.serving).toMatchObject({ state: 'degraded', version: 1, wanted_version: version });
      expect(body.serving?.reason).toMatch(`version ${version} was refused (${code}`);
      expect(await readiness()).toMatchObject({ status: 200, text: { state: 'degraded', version: 1 } });
      expect(await predict()).toEqual({ status: 200, version: 1 });
      // Within the back-off it is not even downloaded again.
      const { retryAt } = host.status()[0]!;
      await host.refresh();
      expect(host.status()[0]).toMatchObject({ version: 1, retryAt });
      expect((await promote(1, true)).body.serving).toMatchObject({ state: 'ready', version: 1 });
    },
    30_000,
  );

  it('keeps the last good version before one whose files are gone', async () => {
    const version = await register(0.95);
    await rm(join(dir, 'artifacts'), { recursive: true, force: true });
    const { body } = await promote(version, true);
    expect(body.serving).toMatchObject({ state: 'degraded', version: 1, wanted_version: version });
    expect(await predict()).toEqual({ status: 200, version: 1 });
    expect((await promote(1, true)).body.serving).toMatchObject({ state: 'ready', version: 1 });
  }, 30_000);

  it(
    'serves on without the server, from the cache after a cold start, and catches up when it is back',
    async () => {
      await cp(join(dir, 'cache'), join(dir, 'cache-cold'), { recursive: true });
      await server.kill();
      await host.refresh();
      expect(await predict()).toEqual({ status: 200, version: 1 });
      expect(await readiness()).toMatchObject({ status: 200, text: { state: 'degraded', version: 1 } });
      const refused = await admin.send('POST', '/api/v1/models/text/promote', { json: { version: 2 } });
      expect([refused.status, refused.body.code]).toEqual([503, 'registry-unavailable']);
      expect((await latest()).to_version).toBe(1);

      const cold = await startApi('cache-cold');
      try {
        expect(await predict(await cold.admin())).toEqual({ status: 200, version: 1 });
        expect(await readiness(cold)).toMatchObject({ status: 200, text: { state: 'degraded', version: 1 } });
        await server.restart();
        await cold.app.get(ModelHost).refresh();
        expect(await readiness(cold)).toMatchObject({ text: { state: 'ready', version: 1 } });
      } finally {
        await cold.close();
      }
      await host.refresh();
      expect(await readiness()).toMatchObject({ text: { state: 'ready', version: 1 } });
    },
    TIMEOUT_MS,
  );
});

async function spoil(folder: string, file: string): Promise<void> {
  const bytes = await readFile(join(folder, file));
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(join(folder, file), bytes);
}

/** Golden answers of another model, with a hash that is right. */
async function falsifyGolden(folder: string): Promise<void> {
  const path = join(folder, 'golden.json');
  const golden = JSON.parse(await readFile(path, 'utf8')) as { cases: { probabilities: number[] }[] };
  golden.cases[0]!.probabilities.reverse();
  const text = JSON.stringify(golden);
  await writeFile(path, text);
  const manifestPath = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as { files: Record<string, string> };
  manifest.files['golden.json'] = createHash('sha256').update(text).digest('hex');
  await writeFile(manifestPath, JSON.stringify(manifest));
}
