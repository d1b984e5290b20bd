import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeLinearTabularPackage } from '@vitrine/inference';
import { ApiProcess } from '../fixtures/api-process.js';
import { TestRegistry } from '../fixtures/test-registry.js';
import {
  createSaleApp,
  fillCatalog,
  followJob,
  SALE_PATH,
  saleEnv,
  setTrainerMode,
  type Job,
  type SaleApp,
} from '../fixtures/time-to-sell/sale-app.js';
import { ApiClient } from '../support/api-client.js';
import { ADMIN_EMAIL, ADMIN_PASSWORD } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

jest.setTimeout(180_000);

interface State {
  model: { state: string; version: number | null };
  snapshot: { id: string } | null;
  skipped_snapshots: { model: { version: number }; problem: string }[];
  running_job: Job | null;
  last_job: Job | null;
}
interface Prediction {
  snapshot_id: string;
  model: { version: number };
}

/** Registers a genuine package, as a training by hand does. */
async function publish(registry: TestRegistry, runId: string, alias: string | null): Promise<number> {
  const dir = join(registry.dir, `package-${runId}`);
  await writeLinearTabularPackage(dir, { runId });
  return registry.register('time-to-sell', dir, alias);
}

const predict = (client: ApiClient) =>
  client.send<Prediction>('POST', `${SALE_PATH}/predict`, { json: { product_id: 95 } });

describe('training while serving', () => {
  let test: SaleApp;
  let admin: ApiClient;

  beforeAll(async () => {
    const registry = await TestRegistry.open();
    await publish(registry, 'by-hand', 'production');
    test = await createSaleApp({}, registry);
    await fillCatalog(test.database);
    admin = await test.admin();
  });

  afterAll(async () => {
    await test?.close();
    await test?.registry.close();
  });

  it('takes a model that was registered by hand for a snapshot', async () => {
    const { status, body } = await predict(admin);
    expect({ status, version: body.model.version }).toEqual({ status: 200, version: 1 });
    const { body: snapshots } = await admin.get<{ items: object[] }>(`${SALE_PATH}/snapshots`);
    expect(snapshots.items).toMatchObject([{ id: body.snapshot_id, job_id: null, log_loss: 1.05 }]);
  });

  it('makes two trainings one, in one process or in several, and goes on answering', async () => {
    await setTrainerMode(test.registry, 'wait');
    const other = await createSaleApp({}, test.registry, test.config.database.url!);
    try {
      const start = (by: ApiClient) => by.send<Job>('POST', `${SALE_PATH}/train`);
      const elsewhere = new ApiClient(other.url, admin.token);
      const started = await Promise.all([start(admin), start(admin), start(elsewhere)]);
      expect(started.map(({ status }) => status)).toEqual([202, 202, 202]);
      const [id, ...ids] = started.map(({ body }) => body.id);
      expect(ids).toEqual([id, id]);
      expect((await start(elsewhere)).body.id).toBe(id);
      const { body: state } = await elsewhere.get<State>(`${SALE_PATH}/state`);
      expect(state.running_job).toMatchObject({ id, state: 'running' });
      for (let i = 0; i < 20; i++) expect((await predict(admin)).body.model.version).toBe(1);
      const waiting = elsewhere.send<Job>('POST', `${SALE_PATH}/train?wait=true`);
      await setTrainerMode(test.registry, '');
      expect((await waiting).body).toMatchObject({ id, state: 'succeeded' });
      expect(await followJob(admin, id!)).toMatchObject({ state: 'succeeded', rows: 90 });
    } finally {
      await setTrainerMode(test.registry, '');
      await other.close();
    }
    expect((await predict(admin)).body.model.version).toBe(1);
  });

  it('tells why a training failed, and the old snapshot goes on', async () => {
    await setTrainerMode(test.registry, 'fail');
    const { status, body } = await admin.send<{ code: string; detail?: string }>(
      'POST',
      `${SALE_PATH}/train?wait=true`,
    );
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'training-failed' });
    const { body: state } = await admin.get<State>(`${SALE_PATH}/state`);
    expect(state).toMatchObject({ running_job: null, last_job: { state: 'failed', snapshot_id: null } });
    expect(state.last_job!.error).toContain('train-time-to-sell ended with code 1');
    expect((await predict(admin)).body.model.version).toBe(1);
  });

  it('survives the death of its child', async () => {
    await setTrainerMode(test.registry, 'wait');
    const { body: job } = await admin.send<Job>('POST', `${SALE_PATH}/train`);
    process.kill(await findTrainer(job.id), 'SIGKILL');
    expect(await followJob(admin, job.id)).toMatchObject({ state: 'failed' });
    expect((await predict(admin)).body.model.version).toBe(1);
    await setTrainerMode(test.registry, '');
  });

  it('leaves no files behind', async () => {
    const names = await readdir(tmpdir());
    const rows = await test.database.query<{ id: string }>('SELECT id FROM time_to_sell_jobs');
    expect(rows.filter(({ id }) => names.includes(`vitrine-time-to-sell-${id}`))).toEqual([]);
  });

  it('needs a catalogue, and a command line that trains', async () => {
    await test.database.query('UPDATE catalog SET delai_vente = NULL WHERE delai_vente > 0');
    const small = await admin.send<{ code: string }>('POST', `${SALE_PATH}/train`);
    expect({ status: small.status, code: small.body.code }).toEqual({
      status: 409,
      code: 'catalog-too-small',
    });
    const bare = await createSaleApp({ TRAINING_ENTRY_PATH: 'nothing/here.js' });
    const refused = await (await bare.admin()).send<{ code: string }>('POST', `${SALE_PATH}/train`);
    expect({ status: refused.status, code: refused.body.code }).toEqual({
      status: 503,
      code: 'training-unavailable',
    });
    await bare.close();
  });
});

describe('the first start with a catalogue', () => {
  it('trains by itself, once', async () => {
    const registry = await TestRegistry.open();
    const database = await createTestDatabase();
    await fillCatalog(database);
    const test = await createSaleApp({}, registry, database.url);
    const admin = await test.admin();
    const { body: state } = await admin.get<State>(`${SALE_PATH}/state`);
    expect(state.last_job).toMatchObject({ reason: 'first-start' });
    expect(await followJob(admin, state.last_job!.id)).toMatchObject({ state: 'succeeded' });
    expect((await predict(admin)).body.model.version).toBe(1);
    await test.close();
    const again = await createSaleApp({}, registry, database.url);
    const { body: later } = await (await again.admin()).get<State>(`${SALE_PATH}/state`);
    expect(later).toMatchObject({
      model: { state: 'ready', version: 1 },
      last_job: { id: state.last_job!.id },
    });
    await again.close();
    await database.drop();
    await registry.close();
  });
});

describe('a package that is damaged or gone', () => {
  it('is reported and skipped: an older snapshot answers', async () => {
    const registry = await TestRegistry.open();
    await publish(registry, 'sound', null);
    await publish(registry, 'damaged', 'production');
    const damaged = await registry.store.getVersion('time-to-sell', 2);
    await spoil(registry.registryDir, damaged.runId!);
    const database = await createTestDatabase();
    await database.query(`
      INSERT INTO snapshots (model_name, model_version, run_id, metrics, created_at) VALUES
        ('time-to-sell', 1, 'sound', '{}', now() - interval '3 days'),
        ('time-to-sell', 2, 'damaged', '{}', now() - interval '2 days'),
        ('time-to-sell', 3, 'gone', '{}', now())`);
    await fillCatalog(database);
    const test = await createSaleApp({}, registry, database.url);
    const admin = await test.admin();
    const { status, body } = await predict(admin);
    expect({ status, version: body.model.version }).toEqual({ status: 200, version: 1 });
    const [row] = await database.query('SELECT fallback_reason FROM time_to_sell_predictions');
    expect(row).toEqual({ fallback_reason: 'production-not-in-service' });
    const { body: state } = await admin.get<State>(`${SALE_PATH}/state`);
    expect(state.model).toMatchObject({ state: 'missing', version: null });
    expect(state.skipped_snapshots.map(({ model, problem }) => [model.version, problem])).toEqual([
      [3, 'its version is not in the registry'],
      [2, 'its package is missing or damaged'],
    ]);
    const { body: ready } = await test.client.get('/health/ready');
    expect(JSON.stringify(ready)).toContain('its package is missing or damaged');
    await test.close();
    await database.drop();
    await registry.close();
  });
});

describe('an API that is killed while it trains', () => {
  it('takes its child along, notes the interruption at the next start and serves what it served', async () => {
    const registry = await TestRegistry.open();
    await publish(registry, 'by-hand', 'production');
    await setTrainerMode(registry, 'wait');
    const database = await createTestDatabase();
    await fillCatalog(database);
    const api = await startApi(registry, database);
    try {
      const admin = await new ApiClient(api.url).login(ADMIN_EMAIL, ADMIN_PASSWORD);
      const { body: job } = await admin.send<Job>('POST', `${SALE_PATH}/train`);
      const child = await findTrainer(job.id);
      await api.kill();
      await expectGone(child);
      expect(await database.query('SELECT state FROM time_to_sell_jobs')).toEqual([{ state: 'running' }]);
      await api.start();
      const { body: ended } = await admin.get<Job>(`${SALE_PATH}/jobs/${job.id}`);
      expect(ended).toMatchObject({ state: 'interrupted', snapshot_id: null });
      await expect(stat(join(tmpdir(), `vitrine-time-to-sell-${job.id}`))).rejects.toThrow('ENOENT');
      expect((await predict(admin)).body.model.version).toBe(1);
      await setTrainerMode(registry, '');
      const { body: next } = await admin.send<Job>('POST', `${SALE_PATH}/train?wait=true`);
      expect(next).toMatchObject({ state: 'succeeded' });
      await setTrainerMode(registry, 'wait');
      const { body: last } = await admin.send<Job>('POST', `${SALE_PATH}/train`);
      await findTrainer(last.id);
      await api.stop();
      expect(await database.query('SELECT state FROM time_to_sell_jobs WHERE id = $1', [last.id])).toEqual([
        { state: 'interrupted' },
      ]);
    } finally {
      await api.kill();
      await database.drop();
      await registry.close();
    }
  });
});

async function startApi(registry: TestRegistry, database: TestDatabase): Promise<ApiProcess> {
  const api = await ApiProcess.create({
    ...saleEnv(registry),
    DATABASE_URL: database.url,
    FIRST_ADMINUSER: ADMIN_EMAIL,
    FIRST_ADMINUSER_PASSWORD: ADMIN_PASSWORD,
  });
  await api.start();
  return api;
}

/** Appends to every file of a run's package but its manifest: no hash is right any more. */
async function spoil(registryDir: string, runId: string): Promise<void> {
  const names = await readdir(registryDir, { recursive: true });
  for (const name of names.filter((path) => path.includes(runId) && path.endsWith('golden.json'))) {
    await writeFile(join(registryDir, name), '{}');
  }
}

/** The process that trains for a job: Linux tells the arguments of each. */
async function findTrainer(jobId: string): Promise<number> {
  for (let look = 0; look < 200; look++) {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const isNode = commandLine.startsWith(process.execPath);
      if (isNode && commandLine.includes('train-time-to-sell') && commandLine.includes(jobId))
        return Number(pid);
    }
    await sleep(50);
  }
  throw new Error('Nothing trains');
}

async function expectGone(pid: number): Promise<void> {
  for (let look = 0; look < 200; look++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(50);
  }
  throw new Error(`${pid} goes on`);
}
