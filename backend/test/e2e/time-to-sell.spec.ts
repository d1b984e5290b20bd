import { randomUUID } from 'node:crypto';
import { ArmSelectorRegistry, type ArmAssignment } from '../../src/catalog/time-to-sell/arm-selector.js';
import { ArmOutcomes, type ArmOutcome } from '../../src/catalog/time-to-sell/arm-outcomes.js';
import {
  createSaleApp,
  fillCatalog,
  SALE_PATH,
  type Job,
  type SaleApp,
} from '../fixtures/time-to-sell/sale-app.js';
import type { ApiClient } from '../support/api-client.js';

interface Prediction {
  '0': number;
  '1': number;
  '2': number;
  snapshot_id: string;
  prediction_id: string;
  product_id: number | null;
  model: { name: string; version: number };
  code?: string;
  status?: number;
}
interface Problem {
  code: string;
  errors?: { pointer: string; detail: string }[];
}
interface Outcome {
  id: string;
  product_id: number | null;
  prediction_id: string | null;
  delai_vente: number;
  days_to_sell: number | null;
  status: string;
  code?: string;
}
interface Snapshot {
  id: string;
  model: { version: number };
  log_loss: number;
  accuracy: number;
  is_served: boolean;
  reliability: { rows: number; accuracy: number; confidence: number }[];
}

describe('time to sell', () => {
  let test: SaleApp;
  let admin: ApiClient;
  let user: ApiClient;
  let snapshotId: string;

  beforeAll(async () => {
    test = await createSaleApp();
    admin = await test.admin();
    user = await test.user('shop@example.org');
    await fillCatalog(test.database);
  });

  afterAll(() => test?.close());

  const predict = <T = Prediction>(json: unknown, by: ApiClient = user) =>
    by.send<T>('POST', `${SALE_PATH}/predict`, { json });
  const report = <T = Outcome>(json: unknown, by: ApiClient = user) =>
    by.send<T>('POST', `${SALE_PATH}/outcomes`, { json });
  const storedOf = async (id: string) =>
    (await test.database.query('SELECT * FROM time_to_sell_predictions WHERE id = $1', [id]))[0]!;

  it('answers 503 until there is a snapshot', async () => {
    const { status, body } = await predict<Problem>({ product_id: 1 });
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'model-not-ready' });
    expect((await user.get(`${SALE_PATH}/state`)).body).toMatchObject({
      model: { name: 'time-to-sell', state: 'missing', version: null },
      snapshot: null,
      running_job: null,
      last_job: null,
      catalog: { total: 100, known: 90, unknown: 10 },
    });
  });

  it('trains on the catalogue, stores the scores and puts the first snapshot into production', async () => {
    const { status, headers, body } = await admin.send<Job>('POST', `${SALE_PATH}/train?wait=true`);
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'succeeded', rows: 90 } });
    expect(headers.get('location')).toBe(`${SALE_PATH}/jobs/${body.id}`);
    snapshotId = body.snapshot_id!;
    const { body: page } = await user.get<{ items: Snapshot[]; total: number }>(`${SALE_PATH}/snapshots`);
    expect(page.total).toBe(1);
    expect(page.items[0]).toMatchObject({
      id: snapshotId,
      model: { name: 'time-to-sell', version: 1 },
      job_id: body.id,
      log_loss: 1 - 90 / 1e6,
      accuracy: 0.5,
      is_served: true,
      problem: null,
      reliability: [{ from: 0.4, to: 0.5, rows: 90, accuracy: expect.closeTo(1 / 3, 6) as number }],
    });
    expect((await user.get(`${SALE_PATH}/state`)).body).toMatchObject({
      model: { state: 'ready', version: 1 },
      snapshot: { id: snapshotId },
      last_job: { id: body.id },
    });
    const history = await user.get<{ items: { to_version: number; moved_by: string }[] }>(
      '/api/v1/models/time-to-sell/history',
    );
    expect(history.body.items).toMatchObject([{ to_version: 1, reason: 'first snapshot' }]);
  });

  it('keeps later snapshots out of production until someone promotes them', async () => {
    const { status, headers, body } = await admin.send<Job>('POST', `${SALE_PATH}/train`);
    expect({ status, state: body.state }).toEqual({ status: 202, state: 'running' });
    const path = headers.get('location')!;
    let job: Job = body;
    while (job.state === 'running') job = (await admin.get<Job>(path)).body;
    expect(job.state).toBe('succeeded');
    expect((await user.get<{ model: { version: number } }>(`${SALE_PATH}/state`)).body.model.version).toBe(1);
    expect((await user.get<Snapshot>(`${SALE_PATH}/snapshots/${job.snapshot_id}`)).body).toMatchObject({
      model: { version: 2 },
      is_served: false,
    });
  });

  it('answers for a product of the catalogue and stores what was read', async () => {
    const { status, body } = await predict({ product_id: 95 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ snapshot_id: snapshotId, product_id: 95, model: { version: 1 } });
    expect([body['0'], body['1'], body['2']].map((p) => p.toFixed(6))).toEqual(Array(3).fill('0.333333'));
    expect(await storedOf(body.prediction_id)).toMatchObject({
      product_id: '95',
      input: { prix: 95, couleur: 'Noir', categorie: 'loisirs', nom_produit: 'Produit 95', annee: null },
      probabilities: [body['0'], body['1'], body['2']],
      snapshot_id: snapshotId,
      role: 'answer',
      experiment_id: null,
      fallback_reason: null,
    });
  });

  it('takes a row of the catalogue as it is, and never what is to be told', async () => {
    const { body: product } = await user.get<Record<string, unknown>>('/api/v1/products/5');
    const { status, body } = await predict(product);
    expect({ status, id: body.product_id }).toEqual({ status: 200, id: 5 });
    expect((await storedOf(body.prediction_id)).input).not.toHaveProperty('delai_vente');
  });

  it.each([
    { prix: '12,5', categorie: 'mode' },
    { prix: 'nan', couleur: 'Ultraviolet', categorie: 'never seen' },
    { prix: null },
    { prix: -1e30, annee: 1e30 },
    { nb_images: '' },
    { nom_produit: '\0\ud800 <b>&' },
    { description_produit: 'x'.repeat(100_000) },
    { product_id: 9_000_000_000_000, prix: 3 },
  ])('answers for fields such as %j', async (fields) => {
    const { status, body } = await predict(fields);
    expect(status).toBe(200);
    expect(body['0'] + body['1'] + body['2']).toBeCloseTo(1, 9);
    expect(await storedOf(body.prediction_id)).toBeDefined();
  });

  it.each([
    [null, '#'],
    ['x', '#'],
    [{}, '#'],
    [{ delai_vente: 1 }, '#'],
    [{ product_id: '7' }, '#/product_id'],
    [{ product_id: 2 ** 53 }, '#/product_id'],
    [{ product_id: -1 }, '#/product_id'],
    [{ prix: [3] }, '#/prix'],
    [{ prix: true }, '#/prix'],
    [{ prix: { $gt: 0 } }, '#/prix'],
    [{ colour: 'red' }, '#/colour'],
    [{ couleur: 'x'.repeat(2_001) }, '#/couleur'],
    [{ description_produit: 'x'.repeat(100_001) }, '#/description_produit'],
  ])('refuses %j', async (json, pointer) => {
    const { status, body } = await predict<Problem>(json);
    expect(status).toBe(422);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('has no product that is not there', async () => {
    const { status, body } = await predict<Problem>({ product_id: 12_345 });
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'product-not-found' });
  });

  it('answers each of a list for itself, in order', async () => {
    const { status, body } = await predict<Prediction[]>([
      { product_id: 3 },
      { product_id: 12_345 },
      'x',
      { prix: 7 },
      { product_id: 3 },
    ]);
    expect(status).toBe(200);
    expect(body.map(({ product_id, code }) => code ?? product_id)).toEqual([
      3,
      'product-not-found',
      'validation-failed',
      null,
      3,
    ]);
    expect(new Set(body.map(({ prediction_id }) => prediction_id)).size).toBe(4);
  });

  it('answers a thousand at once and no more', async () => {
    const { body } = await predict<Prediction[]>(Array.from({ length: 1_000 }, (_, i) => ({ prix: i })));
    expect(body).toHaveLength(1_000);
    const [row] = await test.database.query(
      'SELECT count(*) FROM time_to_sell_predictions WHERE id = ANY($1)',
      [body.map(({ prediction_id }) => prediction_id)],
    );
    expect(row).toEqual({ count: '1000' });
    const tooMany = await predict<Problem>(Array.from({ length: 1_001 }, () => ({ prix: 1 })));
    expect({ status: tooMany.status, code: tooMany.body.code }).toEqual({
      status: 422,
      code: 'batch-too-large',
    });
    expect((await predict<Problem>([])).body.code).toBe('batch-empty');
  });

  describe('outcomes', () => {
    it('are taken in once, corrected by another, and go into the catalogue', async () => {
      const first = await report({ product_id: 91, days_to_sell: 12 });
      expect(first).toMatchObject({
        status: 200,
        body: { delai_vente: 0, days_to_sell: 12, status: 'created' },
      });
      const again = await report({ product_id: 91, days_to_sell: 12 });
      expect(again.body).toEqual({ ...first.body, status: 'unchanged' });
      const corrected = await report({ product_id: 91, days_to_sell: 121, delai_vente: 2 });
      expect(corrected.body).toMatchObject({ id: first.body.id, delai_vente: 2, status: 'updated' });
      const { body: product } = await user.get('/api/v1/products/91');
      expect(product.delai_vente).toBe(2);
    });

    it('of a prediction are those of its product, where it has one', async () => {
      const { body: ofProduct } = await predict({ product_id: 92 });
      const told = await report({ prediction_id: ofProduct.prediction_id, delai_vente: 1 });
      expect(told.body).toMatchObject({ product_id: 92, prediction_id: null, days_to_sell: null });
      const { body: ofFields } = await predict({ prix: 3 });
      const other = await report({ prediction_id: ofFields.prediction_id, days_to_sell: 30.5 });
      expect(other.body).toMatchObject({
        product_id: null,
        prediction_id: ofFields.prediction_id,
        delai_vente: 1,
      });
    });

    it('come in lists, each for itself', async () => {
      const { body } = await report<Outcome[]>([
        { product_id: 93, delai_vente: 0 },
        { product_id: 12_345, delai_vente: 0 },
        { product_id: 93, delai_vente: 3 },
        { product_id: 93, delai_vente: 0 },
      ]);
      expect(body.map(({ status, code }) => code ?? status)).toEqual([
        'created',
        'product-not-found',
        'validation-failed',
        'unchanged',
      ]);
    });

    it.each([
      {},
      { product_id: 1 },
      { delai_vente: 1 },
      { product_id: 1, days_to_sell: -1 },
      { product_id: 1, days_to_sell: '3' },
      { product_id: 1, days_to_sell: 3, delai_vente: 2 },
      { product_id: 1, prediction_id: randomUUID(), delai_vente: 2 },
      { prediction_id: '7', delai_vente: 2 },
      { product_id: 1.5, delai_vente: 2 },
      { product_id: 1, delai_vente: 1, extra: 1 },
    ])('cannot be %j', async (json) => {
      const { status } = await report<Problem>(json);
      expect([404, 422]).toContain(status);
    });

    it('of the predictions of others are theirs to report', async () => {
      const { body } = await predict({ prix: 3 }, admin);
      const refused = await report<Problem>({ prediction_id: body.prediction_id, delai_vente: 1 });
      expect({ status: refused.status, code: refused.body.code }).toEqual({
        status: 404,
        code: 'prediction-not-found',
      });
    });
  });

  describe('arms', () => {
    const experimentId = randomUUID();
    const [control, candidate, lost, shadow] = Array.from({ length: 4 }, () => randomUUID()) as [
      string,
      string,
      string,
      string,
    ];
    let second: string;

    beforeAll(async () => {
      const { body } = await user.get<{ items: Snapshot[] }>(`${SALE_PATH}/snapshots`);
      second = body.items.find(({ model }) => model.version === 2)!.id;
      const missing = await test.database.query<{ id: string }>(
        `INSERT INTO snapshots (model_name, model_version, run_id, metrics)
         VALUES ('time-to-sell', 99, 'gone', '{}') RETURNING id`,
      );
      const arms: ArmAssignment['arm'][] = [
        { armId: control, snapshotId },
        { armId: candidate, snapshotId: second },
        { armId: lost, snapshotId: missing[0]!.id },
      ];
      test.app.get(ArmSelectorRegistry).register({
        assign: (ids) => {
          if (ids.includes(66)) return Promise.reject(new Error('no experiment can be read'));
          return Promise.resolve(
            ids.map((id) => ({
              experimentId,
              arm: arms[id % 3]!,
              shadows: [{ armId: shadow, snapshotId: second }],
            })),
          );
        },
      });
    });

    const shadowsOf = async (id: string) => {
      for (let look = 0; look < 100; look++) {
        const rows = await test.database.query(
          'SELECT * FROM time_to_sell_predictions WHERE answer_id = $1',
          [id],
        );
        if (rows.length > 0) return rows;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return [];
    };

    it('answer for their products, and shadows are stored and never answered', async () => {
      const { body } = await predict({ product_id: 1 });
      expect(body).toMatchObject({ snapshot_id: second, model: { version: 2 } });
      expect(await storedOf(body.prediction_id)).toMatchObject({
        experiment_id: experimentId,
        arm_id: candidate,
        role: 'answer',
      });
      expect(await shadowsOf(body.prediction_id)).toMatchObject([
        { role: 'shadow', arm_id: shadow, snapshot_id: second, experiment_id: experimentId, product_id: '1' },
      ]);
    });

    it('that cannot be served fall back to production, and the fact is stored and told', async () => {
      const { status, body } = await predict({ product_id: 2 });
      expect({ status, snapshot: body.snapshot_id }).toEqual({ status: 200, snapshot: snapshotId });
      expect(await storedOf(body.prediction_id)).toMatchObject({
        arm_id: lost,
        snapshot_id: snapshotId,
        fallback_reason: 'snapshot-not-servable',
      });
      const { body: state } = await user.get(`${SALE_PATH}/state`);
      expect(state.skipped_snapshots).toMatchObject([
        { model: { version: 99 }, problem: 'its version is not in the registry' },
      ]);
      const ready = await test.client.get<{ details?: Record<string, unknown> }>('/health/ready');
      expect(ready.status).toBe(200);
      expect(JSON.stringify(ready.body)).toContain('its version is not in the registry');
    });

    it('are none for products without a number, and where none can be told', async () => {
      const { body: nameless } = await predict({ prix: 3 });
      expect(await storedOf(nameless.prediction_id)).toMatchObject({ experiment_id: null, arm_id: null });
      const { status, body } = await predict({ product_id: 66 });
      expect({ status, snapshot: body.snapshot_id }).toEqual({ status: 200, snapshot: snapshotId });
    });

    it('are counted by products, with the first prediction before the outcome', async () => {
      const arms = test.app.get(ArmOutcomes);
      await predict([{ product_id: 30 }, { product_id: 31 }, { product_id: 31 }, { product_id: 32 }]);
      await report([
        { product_id: 30, delai_vente: 0 },
        { product_id: 31, delai_vente: 2 },
        { product_id: 40, delai_vente: 2 },
      ]);
      await predict([{ product_id: 40 }]);
      const outcomes: ArmOutcome[] = [];
      for await (const outcome of arms.streamOutcomes(experimentId)) outcomes.push(outcome);
      const answered = outcomes.filter(({ role }) => role === 'answer');
      expect(answered.map(({ armId, productId, realClass }) => [armId, productId, realClass])).toEqual([
        [control, 30, 0],
        [candidate, 31, 2],
      ]);
      expect(answered[0]!.probabilities).toHaveLength(3);
      const counts = await arms.countByArm(experimentId);
      const of = (armId: string) => counts.find((count) => count.armId === armId);
      expect(of(control)).toEqual({
        armId: control,
        role: 'answer',
        predictions: 1,
        products: 1,
        outcomes: 1,
        fallbacks: 0,
      });
      expect(of(candidate)).toMatchObject({ predictions: 4, products: 3, outcomes: 1, fallbacks: 0 });
      expect(of(lost)).toMatchObject({ predictions: 0, products: 0, outcomes: 0, fallbacks: 2 });
      expect(of(shadow)).toMatchObject({ role: 'shadow' });
    });
  });

  it('lets administrators alone train, and strangers do nothing', async () => {
    expect((await user.send('POST', `${SALE_PATH}/train`)).status).toBe(403);
    expect((await user.get(`${SALE_PATH}/jobs/${randomUUID()}`)).status).toBe(403);
    expect((await admin.get(`${SALE_PATH}/jobs/${randomUUID()}`)).status).toBe(404);
    expect((await user.get(`${SALE_PATH}/snapshots/${randomUUID()}`)).status).toBe(404);
    expect((await admin.send('POST', `${SALE_PATH}/train?wait=perhaps`)).status).toBe(422);
    for (const [method, path] of [
      ['POST', 'train'],
      ['POST', 'predict'],
      ['POST', 'outcomes'],
      ['GET', 'state'],
      ['GET', 'snapshots'],
    ] as const) {
      expect((await test.client.send(method, `${SALE_PATH}/${path}`)).status).toBe(401);
    }
  });
});
