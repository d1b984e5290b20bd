import { randomUUID } from 'node:crypto';
import { promote } from '@vitrine/mlflow';
import type { PromotionDto, PromotionResultDto } from '../../src/models/promotions/dto/promotion.dto.js';
import { createModelApp, type ModelApp } from '../fixtures/model-app.js';
import type { ApiClient } from '../support/api-client.js';
import { ADMIN_EMAIL, createTestApp, type TestApp } from '../support/test-app.js';

interface History {
  items: PromotionDto[];
  total: number;
}

describe('promotions', () => {
  let test: ModelApp;
  let admin: ApiClient;
  let user: ApiClient;

  beforeAll(async () => {
    test = await createModelApp(['text']);
    admin = await test.admin();
    user = await test.user('shop@example.org');
    await score(1, 0.9, 0.3);
    await publishAside(0.92, 0.28);
    await publishAside(0.8, 0.5);
  });
  afterAll(() => test.close());

  const score = (version: number, f1: number, logLoss: number, testHash = 'same') =>
    test.registry.store.setVersionTags('text', version, {
      test_hash: testHash,
      'metrics.weighted_f1': String(f1),
      'metrics.log_loss': String(logLoss),
    });
  /** Registers a version that no alias names. */
  async function publishAside(f1: number, logLoss: number): Promise<number> {
    const { runId } = await test.registry.store.getVersion('text', 1);
    const { version } = await test.registry.store.createVersion({
      name: 'text',
      runId: runId!,
      artifactPath: 'model',
    });
    await score(version, f1, logLoss);
    return version;
  }
  const post = <T = PromotionResultDto>(path: string, json: unknown, client = admin) =>
    client.send<T>('POST', `/api/v1/models/${path}`, { json });
  const history = async (query = '') => (await user.get<History>(`/api/v1/models/text/history${query}`)).body;
  const served = async () => {
    const { body } = await user.send<{ model: { version: number } }>('POST', '/api/v1/predict', {
      json: { designation: 'livre' },
    });
    return body.model.version;
  };

  it('has on record what the alias named at the start', async () => {
    const { items, total } = await history();
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({ from_version: null, to_version: 1, action: 'move', source: 'direct' });
  });

  it('promotes a better version, which serves when the answer is there', async () => {
    const { status, body } = await post('text/promote', { version: 2, reason: 'trained on more' });
    expect(status).toBe(200);
    expect(body.serving).toMatchObject({ state: 'ready', version: 2, wanted_version: 2 });
    expect(body.promotion).toEqual({
      id: expect.any(String),
      model: 'text',
      alias: 'production',
      from_version: 1,
      to_version: 2,
      action: 'promote',
      source: 'api',
      moved_by: ADMIN_EMAIL,
      reason: 'trained on more',
      is_forced: false,
      gate: {
        passed: true,
        objections: [],
        candidate: { version: 2, test_hash: 'same', weighted_f1: 0.92, log_loss: 0.28, chance_p_value: null },
        in_place: { version: 1, test_hash: 'same', weighted_f1: 0.9, log_loss: 0.3, chance_p_value: null },
      },
      moved_at: expect.any(String),
    });
    expect(await served()).toBe(2);
    const { tags } = await test.registry.store.getVersion('text', 2);
    expect(tags).toMatchObject({
      'promotion.production.id': body.promotion.id,
      'promotion.production.by': ADMIN_EMAIL,
      'promotion.production.reason': 'trained on more',
      'promotion.production.from': '1',
    });
  });

  it('answers with the record where the alias is there already', async () => {
    const { total, items } = await history();
    const { status, body } = await post('text/promote', { version: 2 });
    expect([status, body.promotion]).toEqual([200, items[0]]);
    expect((await history()).total).toBe(total);
  });

  it('refuses a worse version with the numbers', async () => {
    const { status, body } = await post<Record<string, unknown>>('text/promote', { version: 3 });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'promotion-refused',
      errors: [
        {
          pointer: '#/version',
          detail: 'version 3 of text is worse: weighted F1 0.8000 against 0.9200',
        },
        { pointer: '#/version', detail: 'version 3 of text is worse: log loss 0.5000 against 0.2800' },
      ],
    });
    expect(await served()).toBe(2);
  });

  it('forces it with a reason only, and keeps that', async () => {
    const refused = await post<Record<string, unknown>>('text/promote', { version: 3, force: true });
    expect([refused.status, refused.body.code]).toEqual([422, 'validation-failed']);
    const { body } = await post('text/promote', { version: 3, force: true, reason: 'new categories' });
    expect(body.promotion).toMatchObject({ is_forced: true, reason: 'new categories', to_version: 3 });
    expect(body.promotion.gate).toMatchObject({ passed: false });
  });

  it('rolls back step by step, and no further than there is a version', async () => {
    const first = await post('text/rollback', { reason: 'complaints' });
    expect(first.body.promotion).toMatchObject({
      action: 'rollback',
      from_version: 3,
      to_version: 2,
      reason: 'complaints',
    });
    expect(first.body.serving).toMatchObject({ state: 'ready', version: 2 });
    expect((await post('text/rollback', {})).body.promotion).toMatchObject({ to_version: 1 });
    const { status, body } = await post<Record<string, unknown>>('text/rollback', {});
    expect([status, body.code]).toEqual([409, 'nothing-to-roll-back']);
  });

  it('moves another alias without serving it', async () => {
    const { body } = await post('text/promote', { version: 2, alias: 'staging' });
    expect(body.promotion).toMatchObject({ alias: 'staging', from_version: null, gate: null });
    expect(await served()).toBe(1);
    expect((await history('?alias=staging')).total).toBe(1);
  });

  it('pages its history, newest first', async () => {
    const { items, total } = await history('?alias=production&limit=2');
    expect(total).toBe(5);
    expect(items.map(({ from_version, to_version }) => [from_version, to_version])).toEqual([
      [2, 1],
      [3, 2],
    ]);
  });

  it.each([
    ['no version', {}],
    ['no number', { version: 'x' }],
    ['a version out of range', { version: 2 ** 31 }],
    ['an alias that is a version', { version: 1, alias: 'v1' }],
    ['an empty reason', { version: 1, reason: ' ' }],
    ['NUL in the reason', { version: 1, reason: 'a\u0000' }],
    ['a force that is no boolean', { version: 1, force: 'yes', reason: 'x' }],
  ])('does not take %s', async (_case, input) => {
    expect((await post('text/promote', input)).status).toBe(422);
  });

  it('knows neither other models nor other versions', async () => {
    const code = async (path: string, input: object) => (await post<{ code: string }>(path, input)).body.code;
    expect(await code('nothing/promote', { version: 1 })).toBe('model-not-found');
    expect(await code('nothing/rollback', {})).toBe('model-not-found');
    expect(await code('text/promote', { version: 99 })).toBe('model-version-not-found');
    expect((await user.get('/api/v1/models/nothing/history')).status).toBe(404);
    expect((await user.get('/api/v1/models/..%2Fx/history')).status).toBe(404);
  });

  it('is for administrators, its history for users', async () => {
    for (const path of ['text/promote', 'text/rollback']) {
      expect((await post(path, { version: 1 }, user)).status).toBe(403);
      expect((await post(path, { version: 1 }, test.client)).status).toBe(401);
    }
    expect((await test.client.get('/api/v1/models/text/history')).status).toBe(401);
  });

  it('serialises promotions at the same time: the history is a chain', async () => {
    const versions = [2, 1, 2, 1, 2, 1];
    const answers = await Promise.all(
      versions.map((version) => post('text/promote', { version, force: true, reason: randomUUID() })),
    );
    expect(answers.map(({ status }) => status)).toEqual(versions.map(() => 200));
    const { items } = await history('?alias=production&limit=200');
    items.slice(0, -1).forEach((item, i) => expect(item.from_version).toBe(items[i + 1]!.to_version));
    const alias = await test.registry.store.findVersionByAlias('text', 'production');
    expect(items[0]!.to_version).toBe(alias!.version);
    expect(await served()).toBe(alias!.version);
  });

  describe('made in the registry itself', () => {
    let replica: TestApp;

    beforeAll(async () => {
      await post('text/promote', { version: 1, force: true, reason: 'start' });
      replica = await createTestApp({
        databaseUrl: test.database.url,
        env: { REGISTRY_DIR: test.registry.registryDir, MODELS_CACHE_DIR: `${test.registry.cacheDir}-2` },
      });
    });
    afterAll(() => replica.close());

    const refresh = async () => {
      const { ModelHost } = await import('../../src/models/host/model-host.js');
      await Promise.all([test.host.refresh(), replica.app.get(ModelHost).refresh(), test.host.refresh()]);
    };

    it('is recorded once, with what the one who moved it noted', async () => {
      const before = await history();
      const input = { name: 'text', alias: 'production', version: 2, force: true };
      const { id } = await promote(test.registry.store, { ...input, by: 'jana', reason: 'by hand' });
      await refresh();
      await refresh();
      const { items, total } = await history();
      expect(total).toBe(before.total + 1);
      expect(items[0]).toMatchObject({
        id,
        from_version: 1,
        to_version: 2,
        action: 'promote',
        source: 'direct',
        moved_by: 'jana',
        reason: 'by hand',
      });
      expect(await served()).toBe(2);
    });

    it('is recorded without author where nobody noted one, whatever was noted before', async () => {
      const before = await history();
      for (const version of [1, 2]) {
        await test.registry.store.setAlias('text', 'production', version);
        await refresh();
      }
      const { items, total } = await history();
      expect(total).toBe(before.total + 2);
      expect(items[0]).toMatchObject({
        from_version: 1,
        to_version: 2,
        action: 'move',
        source: 'direct',
        moved_by: '',
      });
    });

    it('is recorded before a promotion that comes before the next refresh', async () => {
      await test.registry.store.setAlias('text', 'production', 3);
      await post('text/promote', { version: 1 });
      const { items } = await history('?limit=2');
      expect(items.map(({ source, from_version, to_version }) => [source, from_version, to_version])).toEqual(
        [
          ['api', 3, 1],
          ['direct', 2, 3],
        ],
      );
    });

    it('is recorded although it undoes a promotion before anyone looked', async () => {
      await post('text/promote', { version: 2, force: true, reason: 'there' });
      await test.registry.store.setAlias('text', 'production', 1);
      const { items } = await history('?limit=2');
      expect(items.map(({ source, to_version }) => [source, to_version])).toEqual([
        ['direct', 1],
        ['api', 2],
      ]);
      await refresh();
    });

    it('is recorded where the alias is removed, while the version goes on serving', async () => {
      await test.registry.store.deleteAlias('text', 'production');
      await refresh();
      const { items } = await history('?limit=1');
      expect(items[0]).toMatchObject({ action: 'remove', from_version: 1, to_version: null });
      expect(await served()).toBe(1);
      await post('text/promote', { version: 2 });
      expect((await history('?limit=1')).items[0]).toMatchObject({ from_version: null, to_version: 2 });
    });
  });
});
