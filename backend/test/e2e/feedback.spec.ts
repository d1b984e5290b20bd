import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeedbackDto } from '../../src/feedback/dto/feedback.dto.js';
import type { ModelAccuracyDto } from '../../src/feedback/dto/feedback-stats.dto.js';
import type { PredictionDto } from '../../src/predictions/dto/prediction.dto.js';
import { createModelApp, type ModelApp } from '../fixtures/model-app.js';
import type { ApiClient } from '../support/api-client.js';

const path = '/api/v1/feedback';

interface Page {
  items: FeedbackDto[];
  total: number;
}

describe('/feedback', () => {
  let test: ModelApp;
  let admin: ApiClient;
  let anna: ApiClient;
  let bert: ApiClient;

  beforeAll(async () => {
    test = await createModelApp(['text']);
    admin = await test.admin();
    anna = await test.user('anna@example.org');
    bert = await test.user('bert@example.org');
  });
  beforeEach(() => test.database.query('DELETE FROM feedback'));
  afterAll(() => test.close());

  async function predict(user: ApiClient, designation = 'livre'): Promise<string> {
    const { body } = await user.send<PredictionDto>('POST', '/api/v1/predict', { json: { designation } });
    return body.prediction_id;
  }

  const give = (user: ApiClient, json: unknown) => user.send<FeedbackDto>('POST', path, { json });

  async function giveOnPrediction(user: ApiClient, real = 10, designation = 'livre'): Promise<FeedbackDto> {
    const { status, body } = await give(user, {
      prediction_id: await predict(user, designation),
      real_category_id: real,
    });
    expect(status).toBe(201);
    return body;
  }

  it('takes the right category of a prediction', async () => {
    const predictionId = await predict(anna);
    const { status, body } = await give(anna, { prediction_id: predictionId, real_category_id: 40 });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      user_id: expect.any(String),
      prediction_id: predictionId,
      product_id: null,
      model_name: 'text',
      model_version: 1,
      predicted_category_id: 10,
      real_category_id: 40,
      is_correct: false,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await anna.get(`${path}/${body.id}`)).body).toEqual(body);
  });

  it('takes the right category of a product that was predicted elsewhere', async () => {
    const product = { product_id: 'SKU 7', model_name: 'text', model_version: 1, real_category_id: 10 };
    const unknown = await give(anna, product);
    expect(unknown).toMatchObject({
      status: 201,
      body: { prediction_id: null, product_id: 'SKU 7', predicted_category_id: null, is_correct: null },
    });
    const known = await give(anna, { ...product, product_id: 'SKU 8', predicted_category_id: 10 });
    expect(known).toMatchObject({ status: 201, body: { predicted_category_id: 10, is_correct: true } });
  });

  it('takes the fusion model for the one that is meant where none is named', async () => {
    const product = { product_id: 'SKU 1', model_version: 1, real_category_id: 10 };
    expect(await give(anna, product)).toMatchObject({
      status: 404,
      body: { code: 'model-version-not-found' },
    });
    await test.publish('fusion');
    expect(await give(anna, product)).toMatchObject({ status: 201, body: { model_name: 'fusion' } });
  });

  it('judges earlier versions by their own categories', async () => {
    const old = await predict(anna);
    await test.publish('text', {
      categories: [
        { id: 1, label: 'Un' },
        { id: 2, label: 'Deux' },
      ],
      texts: [['livre'], ['jeu']],
    });
    const recent = await predict(anna);
    expect((await give(anna, { prediction_id: old, real_category_id: 1 })).body).toMatchObject({
      code: 'category-unknown',
    });
    expect((await give(anna, { prediction_id: old, real_category_id: 40 })).status).toBe(201);
    expect((await give(anna, { prediction_id: recent, real_category_id: 40 })).body).toMatchObject({
      code: 'category-unknown',
    });
    expect((await give(anna, { prediction_id: recent, real_category_id: 2 })).status).toBe(201);
    await test.registry.store.setAlias('text', 'production', 1);
    await test.host.refresh();
  });

  it('takes feedback on a prediction or a product once, also from many at a time', async () => {
    const prediction = { prediction_id: await predict(anna), real_category_id: 10 };
    const product = { product_id: 'SKU 9', model_name: 'text', model_version: 1, real_category_id: 10 };
    for (const json of [prediction, product]) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => give(anna, json)));
      expect(answers.map(({ status }) => status).sort()).toEqual([
        201,
        ...Array.from({ length: 7 }, () => 409),
      ]);
      const refused = answers.find(({ status }) => status === 409)!;
      expect(refused.body).toMatchObject({ code: 'feedback-exists' });
    }
    expect((await give(bert, product)).status).toBe(201);
  });

  it('corrects and takes back', async () => {
    const { id, created_at } = await giveOnPrediction(anna, 40);
    for (const method of ['PATCH', 'PUT']) {
      const real_category_id = method === 'PUT' ? 1280 : 10;
      const { status, body } = await anna.send<FeedbackDto>(method, `${path}/${id}`, {
        json: { real_category_id },
      });
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { id, created_at, real_category_id, is_correct: real_category_id === 10 },
      });
    }
    expect((await anna.send('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await anna.get(`${path}/${id}`)).body).toMatchObject({ code: 'feedback-not-found' });
    expect((await anna.send('DELETE', `${path}/${id}`)).status).toBe(404);
  });

  it('lists one’s own, and everyone’s for an administrator, newest first', async () => {
    const first = await giveOnPrediction(anna);
    const second = await giveOnPrediction(anna, 40);
    const other = await giveOnPrediction(bert);
    const ids = async (user: ApiClient, query = '') => {
      const { body } = await user.get<Page>(path + query);
      return [body.total, body.items.map(({ id }) => id)];
    };
    expect(await ids(anna)).toEqual([2, [second.id, first.id]]);
    expect(await ids(bert)).toEqual([1, [other.id]]);
    expect(await ids(admin)).toEqual([3, [other.id, second.id, first.id]]);
    expect(await ids(admin, '?offset=1&limit=1')).toEqual([3, [second.id]]);
  });

  it('hides what is another user’s, and lets an administrator at it', async () => {
    const { id } = await giveOnPrediction(anna);
    const json = { real_category_id: 40 };
    for (const [method, options] of [
      ['GET', {}],
      ['PATCH', { json }],
      ['PUT', { json }],
      ['DELETE', {}],
    ] as const) {
      const { status, body } = await bert.send(method, `${path}/${id}`, options);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'feedback-not-found' });
    }
    const foreign = { prediction_id: await predict(anna), real_category_id: 10 };
    expect((await give(bert, foreign)).body).toMatchObject({ code: 'prediction-not-found' });
    expect((await give(admin, foreign)).status).toBe(201);
    expect((await admin.send('PATCH', `${path}/${id}`, { json })).status).toBe(200);
  });

  it('counts accuracy by model version', async () => {
    await giveOnPrediction(anna, 10);
    await giveOnPrediction(anna, 40);
    await giveOnPrediction(bert, 40, 'jeu vidéo');
    await give(bert, { product_id: 'SKU', model_name: 'text', model_version: 1, real_category_id: 40 });
    const { status, body } = await anna.get<ModelAccuracyDto[]>(`${path}/stats`);
    expect(status).toBe(200);
    expect(body).toEqual([
      { model_name: 'text', model_version: 1, total: 4, judged: 3, correct: 2, accuracy: 2 / 3 },
    ]);
  });

  it('counts nothing where there is nothing', async () => {
    expect((await anna.get(`${path}/stats`)).body).toEqual([]);
    await give(bert, { product_id: 'SKU', model_name: 'text', model_version: 1, real_category_id: 40 });
    expect((await anna.get(`${path}/stats`)).body).toMatchObject([{ total: 1, judged: 0, accuracy: null }]);
  });

  describe('refuses', () => {
    const product = { product_id: 'SKU', model_name: 'text', model_version: 1, real_category_id: 10 };
    const without = (field: keyof typeof product) => ({ ...product, [field]: undefined });
    it.each([
      ['nothing', {}, ['#/product_id', '#/model_version', '#/real_category_id']],
      ['no category', without('real_category_id'), ['#/real_category_id']],
      ['no version', without('model_version'), ['#/model_version']],
      ['no product', without('product_id'), ['#/product_id']],
      ['a fraction', { ...product, real_category_id: 1.5 }, ['#/real_category_id']],
      ['a text for a number', { ...product, model_version: '1' }, ['#/model_version']],
      ['version 0', { ...product, model_version: 0 }, ['#/model_version']],
      ['a version past all bounds', { ...product, model_version: 3e9 }, ['#/model_version']],
      ['NUL in a name', { ...product, product_id: 'a\0b' }, ['#/product_id']],
      ['a long name', { ...product, product_id: 'x'.repeat(201) }, ['#/product_id']],
      ['unknown fields', { ...product, stars: 5 }, ['#/stars']],
      ['no UUID', { prediction_id: '7', real_category_id: 10 }, ['#/prediction_id']],
      ['a null prediction', { prediction_id: null, real_category_id: 10 }, ['#/prediction_id']],
      [
        'a product beside a prediction',
        { ...product, prediction_id: randomUUID() },
        ['#/product_id', '#/model_name', '#/model_version'],
      ],
    ])('%s', async (_name, json, pointers) => {
      const { status, body } = await anna.send('POST', path, { json });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'validation-failed' });
      const found = (body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
      expect([...new Set(found)].sort()).toEqual([...pointers].sort());
    });

    it.each([
      [
        'a prediction that is not there',
        { prediction_id: randomUUID(), real_category_id: 10 },
        404,
        'prediction-not-found',
      ],
      ['an unknown model', { ...product, model_name: 'oracle' }, 404, 'model-version-not-found'],
      ['an unknown version', { ...product, model_version: 77 }, 404, 'model-version-not-found'],
      ['a path for a model', { ...product, model_name: '../../etc' }, 404, 'model-version-not-found'],
      ['an unknown category', { ...product, real_category_id: 11 }, 422, 'category-unknown'],
      ['an unknown predicted category', { ...product, predicted_category_id: 11 }, 422, 'category-unknown'],
      ['a category past all bounds', { ...product, real_category_id: 1e15 }, 422, 'category-unknown'],
    ])('%s', async (_name, json, status, code) => {
      const { status: actual, body } = await anna.send('POST', path, { json });
      expect({ status: actual, code: body.code }).toEqual({ status, code });
    });

    it('a version that is no model package', async () => {
      const hollow = await mkdtemp(join(test.registry.dir, 'hollow-'));
      await writeFile(join(hollow, 'manifest.json'), '{"schemaVersion":');
      const version = await test.registry.register('hollow', hollow);
      const { status, body } = await anna.send('POST', path, {
        json: { ...product, model_name: 'hollow', model_version: version },
      });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'model-not-loadable' });
    });

    it('a correction to an unknown category, or of anything else', async () => {
      const { id } = await giveOnPrediction(anna);
      const change = async (json: unknown) => (await anna.send('PATCH', `${path}/${id}`, { json })).body.code;
      expect(await change({ real_category_id: 11 })).toBe('category-unknown');
      expect(await change({})).toBe('validation-failed');
      expect(await change({ real_category_id: 10, model_version: 2 })).toBe('validation-failed');
    });

    it('ids that are none', async () => {
      expect((await anna.get(`${path}/7`)).status).toBe(422);
      expect((await anna.get(`${path}/${randomUUID()}`)).status).toBe(404);
    });

    it('callers without a token', async () => {
      expect((await test.client.get(path)).status).toBe(401);
      expect((await test.client.get(`${path}/stats`)).status).toBe(401);
    });
  });
});
