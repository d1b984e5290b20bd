import { rename } from 'node:fs/promises';
import type { ModelDto } from '../../src/models/dto/model.dto.js';
import { createModelApp, type ModelApp } from '../fixtures/model-app.js';
import type { ApiClient } from '../support/api-client.js';

interface Readiness {
  status: string;
  dependencies: { models: Record<string, { state: string; version: number | null; reason: string | null }> };
}

describe('/models', () => {
  let test: ModelApp;
  let user: ApiClient;

  beforeAll(async () => {
    test = await createModelApp(['text', 'image']);
    user = await test.user('shop@example.org');
  });
  afterAll(() => test.close());

  it('lists registered models with versions, metrics, aliases and what is served', async () => {
    const { status, body } = await user.get<{ items: ModelDto[] }>('/api/v1/models');
    expect(status).toBe(200);
    expect(body).toMatchObject({ total: 2, offset: 0 });
    expect(body.items.map(({ name }) => name)).toEqual(['image', 'text']);
    expect(body.items[1]).toEqual({
      name: 'text',
      created_at: expect.any(String),
      description: '',
      aliases: { production: 1 },
      serving: { modality: 'text', state: 'ready', version: 1, wanted_version: 1, reason: null },
      versions: [
        {
          version: 1,
          created_at: expect.any(String),
          run_id: expect.any(String),
          description: '',
          aliases: ['production'],
          tags: { modality: 'text' },
          is_served: true,
          metrics: { weighted_f1: 0.9 },
        },
      ],
    });
  });

  it('pages', async () => {
    const { body } = await user.get<{ items: ModelDto[] }>('/api/v1/models?offset=1&limit=1');
    expect(body.items.map(({ name }) => name)).toEqual(['text']);
    expect((await user.get('/api/v1/models?limit=0')).status).toBe(422);
  });

  it('shows one model, newest version first', async () => {
    await test.publish('image');
    const { status, body } = await user.get<ModelDto>('/api/v1/models/image');
    expect(status).toBe(200);
    expect(body.versions.map(({ version, is_served, aliases }) => [version, is_served, aliases])).toEqual([
      [2, true, ['production']],
      [1, false, []],
    ]);
  });

  it.each(['nothing', '..%2F..%2Fetc', '%00', 'x'.repeat(90)])('does not know %s', async (name) => {
    const { status, body } = await user.get(`/api/v1/models/${name}`);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'model-not-found' });
  });

  it('needs a token', async () => {
    for (const path of ['/api/v1/models', '/api/v1/models/text', '/api/v1/categories']) {
      expect((await test.client.get(path)).status).toBe(401);
    }
  });

  it('shows a refused version here and in readiness, and goes on answering', async () => {
    const { version } = await test.registry.store.createVersion({
      name: 'text',
      runId: (await test.registry.store.getVersion('image', 1)).runId!,
      artifactPath: 'model',
    });
    await test.registry.store.setAlias('text', 'production', version);
    await test.host.refresh();
    const { body } = await user.get<ModelDto>('/api/v1/models/text');
    const reason = 'version 2 was refused (manifest-invalid)';
    expect(body.serving).toMatchObject({ state: 'degraded', version: 1, wanted_version: 2, reason });
    const readiness = await test.client.get<Readiness>('/health/ready');
    expect(readiness.status).toBe(200);
    expect(readiness.body.dependencies.models).toMatchObject({
      status: 'up',
      text: { state: 'degraded', version: 1, reason },
      image: { state: 'ready', version: 2 },
      fusion: { state: 'missing', version: null },
    });
    expect((await user.send('POST', '/api/v1/predict', { json: { designation: 'livre' } })).status).toBe(200);
    await test.registry.store.setAlias('text', 'production', 1);
    await test.host.refresh();
  });

  it('swaps versions without a failed request', async () => {
    const statuses = new Set<number>();
    const versions = new Set<number>();
    let isRunning = true;
    const clients = Array.from({ length: 4 }, async () => {
      while (isRunning) {
        const { status, body } = await user.send<{ model: { version: number } }>('POST', '/api/v1/predict', {
          json: { designation: 'livre' },
        });
        statuses.add(status);
        versions.add(body.model.version);
      }
    });
    for (let i = 0; i < 3; i++) await test.publish('text');
    isRunning = false;
    await Promise.all(clients);
    expect([...statuses]).toEqual([200]);
    expect(versions.size).toBeGreaterThan(1);
  });

  it('says that the registry is away, while what is served goes on', async () => {
    await rename(test.registry.registryDir, `${test.registry.registryDir}-away`);
    try {
      await test.host.refresh();
      expect((await user.send('POST', '/api/v1/predict', { json: { designation: 'livre' } })).status).toBe(
        200,
      );
      expect((await user.get('/api/v1/categories')).status).toBe(200);
      const { body } = await test.client.get<Readiness>('/health/ready');
      expect(body.dependencies.models.text).toMatchObject({ state: 'degraded' });
    } finally {
      await rename(`${test.registry.registryDir}-away`, test.registry.registryDir);
    }
  });
});

describe('/categories', () => {
  it('lists the categories of what is in service, or says that nothing is', async () => {
    const test = await createModelApp([]);
    try {
      const user = await test.user('shop@example.org');
      const before = await user.get('/api/v1/categories');
      expect({ status: before.status, code: before.body.code }).toEqual({
        status: 503,
        code: 'model-not-ready',
      });
      expect(before.headers.get('retry-after')).toBe('10');
      await test.publish('text');
      const { status, body } = await user.get<unknown>('/api/v1/categories');
      expect(status).toBe(200);
      expect(body).toEqual([
        { category_id: 10, label: 'Livre' },
        { category_id: 40, label: 'Jeu vidéo' },
        { category_id: 1280, label: 'Jouet pour enfant' },
        { category_id: 2583, label: 'Piscine' },
      ]);
    } finally {
      await test.close();
    }
  });
});
