import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { writeLinearTabularPackage } from '@vitrine/inference';
import { TabularHost } from '../../src/models/tabular/tabular-host.js';
import { AccuracyMonitor, type AccuracyReport } from '../../src/customers/predictions/accuracy-monitor.js';
import {
  contextOf,
  createCustomerApp,
  smallFiles,
  type CustomerApp,
} from '../fixtures/customers/customer-app.js';
import { TestRegistry } from '../fixtures/test-registry.js';
import type { ApiClient } from '../support/api-client.js';

interface Prediction {
  prediction_id: string;
  idx: number;
  label: number;
  probability: number;
  model: { name: string; version: number };
}

const NAME = 'customer-label';
const FEATURES = { attr_a: 1, attr_b: 'c', scd_a: 0.55, scd_b: 3 };
const BODY = { idx: 150_000, features: FEATURES };

let registry: TestRegistry;
let app: CustomerApp;
let user: ApiClient;

beforeAll(async () => {
  registry = await TestRegistry.open();
  app = await createCustomerApp({
    env: {
      REGISTRY_DIR: registry.registryDir,
      MODELS_CACHE_DIR: registry.cacheDir,
      CUSTOMERS_ACCURACY_THRESHOLD: '0.6',
      CUSTOMERS_ACCURACY_WINDOW: '10',
      CUSTOMERS_ACCURACY_MIN_OUTCOMES: '5',
    },
  });
  user = await app.user('user@example.org');
  for (const [name, content] of Object.entries(smallFiles)) await app.write(name, content);
  await app.loadClientData();
  await app.steps.refreshFeatureStore(contextOf());
});
afterAll(async () => {
  await app.close();
  await registry.close();
});

/** Says 1 the more, the larger `scd_a` is than a half, and the more so for code c. */
async function publish(): Promise<number> {
  const dir = await mkdtemp(join(registry.dir, 'label-'));
  await writeLinearTabularPackage(dir, {
    task: 'customer-label',
    categories: [
      { id: 0, label: '0' },
      { id: 1, label: '1' },
    ],
    columns: {
      numbers: ['attr_a', 'scd_a', 'scd_b'],
      codes: [{ field: 'attr_b', values: ['a', 'b', 'c', 'd'], as: 'one-hot' }],
    },
    network: {
      means: [0, 0.5, 0, 0, 0, 0, 0],
      scales: [1, 1, 1, 1, 1, 1, 1],
      weights: [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 4, 0, 0, 0, 0.1, 0],
      ],
      bias: [0, 0],
    },
    golden: [FEATURES, { ...FEATURES, scd_a: 0.1 }],
  });
  const version = await registry.register(NAME, dir);
  await app.app.get(TabularHost).refresh(true);
  return version;
}

const predict = (json: unknown, client = user) =>
  client.send<Prediction>('POST', '/api/v1/customers/predict', { json });
const judge = (json: unknown, client = user) =>
  client.send<{ judged: number; unknown: string[]; accuracy: Record<string, unknown> }>(
    'POST',
    '/api/v1/customers/outcomes',
    { json },
  );

describe('POST /api/v1/customers/predict', () => {
  it('is not ready where no version serves', async () => {
    const { status, body, headers } = await predict(BODY);
    expect([status, (body as unknown as { code: string }).code]).toEqual([503, 'model-not-ready']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  describe('with a model', () => {
    beforeAll(async () => void (await publish()));

    it('answers by name, in whatever order', async () => {
      const { status, body } = await predict(BODY);
      expect([status, body]).toEqual([
        200,
        {
          prediction_id: expect.any(String),
          idx: 150_000,
          label: 1,
          probability: expect.closeTo(1 / (1 + Math.exp(-0.3)), 6),
          model: { name: NAME, version: 1 },
        },
      ]);
      const turned = await predict({
        features: { scd_b: 3, scd_a: 0.55, attr_b: 'c', attr_a: 1 },
        idx: 150_000,
      });
      expect(turned.body.probability).toBe(body.probability);
      const other = await predict({ idx: 1, features: { ...FEATURES, scd_a: 0.05, attr_b: 'a' } });
      expect(other.body).toMatchObject({
        label: 0,
        probability: expect.closeTo(1 / (1 + Math.exp(-1.8)), 6),
      });
    });

    it('reads the feature store where no features are given', async () => {
      const { body } = await predict({ idx: 0 });
      expect(body).toMatchObject({
        idx: 0,
        label: 0,
        probability: expect.closeTo(1 / (1 + Math.exp(-1.5)), 6),
      });
      await expect(
        app.database.query('SELECT features, from_feature_store FROM customer_predictions WHERE id = $1', [
          body.prediction_id,
        ]),
      ).resolves.toEqual([
        { features: { attr_a: 3, attr_b: 'c', scd_a: 0.1, scd_b: 1 }, from_feature_store: true },
      ]);
    });

    it('says that it does not know a customer, or what of one', async () => {
      const unknown = await predict({ idx: 77 });
      expect([unknown.status, unknown.body]).toMatchObject([404, { code: 'customer-not-found' }]);
      // Labelled in a gap between two periods.
      const incomplete = await predict({ idx: 1 });
      expect([incomplete.status, incomplete.body]).toMatchObject([
        422,
        {
          code: 'customer-features-incomplete',
          errors: [{ pointer: '#/features/scd_a' }, { pointer: '#/features/scd_b' }],
        },
      ]);
    });

    const without = (name: keyof typeof FEATURES) => ({
      ...BODY,
      features: { ...FEATURES, [name]: undefined },
    });
    const withFeature = (name: string, value: unknown) => ({
      ...BODY,
      features: { ...FEATURES, [name]: value },
    });
    it.each<[string, unknown, string[]]>([
      ['an unknown code', withFeature('attr_b', 'e'), ['#/features/attr_b']],
      ['a code that is no text', withFeature('attr_b', 3), ['#/features/attr_b']],
      ['a code in capitals', withFeature('attr_b', 'C'), ['#/features/attr_b']],
      ['a number as text', withFeature('attr_a', '1'), ['#/features/attr_a']],
      ['a fraction', withFeature('scd_b', 1.5), ['#/features/scd_b']],
      ['a number out of range', withFeature('scd_a', 1.01), ['#/features/scd_a']],
      ['null', withFeature('scd_a', null), ['#/features/scd_a']],
      ['a missing feature', without('scd_b'), ['#/features/scd_b']],
      [
        'no feature at all',
        { idx: 1, features: {} },
        ['#/features/attr_a', '#/features/attr_b', '#/features/scd_a', '#/features/scd_b'],
      ],
      ['a feature too many', withFeature('attr_c', 'yes'), ['#/features/attr_c']],
      ['features that are a list', { idx: 1, features: [FEATURES] }, ['#/features']],
      ['features that are null', { idx: 1, features: null }, ['#/features']],
      ['features that are text', { idx: 1, features: 'abc' }, ['#/features']],
      ['no index', { features: FEATURES }, ['#/idx']],
      ['an index as text', { ...BODY, idx: '1' }, ['#/idx']],
      ['a negative index', { ...BODY, idx: -1 }, ['#/idx']],
      ['an index beyond whole numbers', { ...BODY, idx: 1e300 }, ['#/idx']],
      ['a member too many', { ...BODY, label: 1 }, ['#/label']],
      ['a list', [BODY], ['#']],
    ])('refuses %s, and names it', async (_what, body, pointers) => {
      const answer = await predict(body);
      const { code, errors } = answer.body as unknown as { code: string; errors: { pointer: string }[] };
      expect([answer.status, code]).toEqual([422, 'validation-failed']);
      const named = new Set(errors.map(({ pointer }) => pointer));
      for (const pointer of pointers) expect([...named].some((own) => own.startsWith(pointer))).toBe(true);
    });

    it('needs a token, and JSON', async () => {
      expect((await predict(BODY, app.client)).status).toBe(401);
      expect(
        (
          await user.send('POST', '/api/v1/customers/predict', {
            body: '{"idx":',
            headers: { 'content-type': 'application/json' },
          })
        ).status,
      ).toBe(400);
    });
  });
});

describe('what becomes of predictions', () => {
  let degraded: AccuracyReport[];
  let asked: Prediction[];

  beforeAll(() => {
    app.app.get(AccuracyMonitor).onDegraded(async (report) => void degraded.push(report));
  });
  beforeEach(async () => {
    degraded = [];
    await app.database.query('TRUNCATE customer_predictions');
    await publish();
    asked = [];
    for (let i = 0; i < 6; i++) asked.push((await predict({ ...BODY, idx: i })).body);
  });

  it('is kept with each, one’s own only, and counted', async () => {
    const stranger = await app.user(`stranger-${asked[0]!.prediction_id}@example.org`);
    const foreign = await judge(
      { outcomes: [{ prediction_id: asked[0]!.prediction_id, label: 1 }] },
      stranger,
    );
    expect(foreign.body).toMatchObject({ judged: 0, unknown: [asked[0]!.prediction_id] });
    const outcomes = asked.map(({ prediction_id }, i) => ({ prediction_id, label: i < 5 ? 1 : 0 }));
    const { status, body } = await judge({ outcomes });
    expect([status, body]).toMatchObject([
      200,
      {
        judged: 6,
        unknown: [],
        accuracy: { judged: 6, accuracy: 5 / 6, is_degraded: false, model_name: NAME },
      },
    ]);
    expect(degraded).toEqual([]);
    const shown = await user.get('/api/v1/customers/accuracy');
    expect(shown.body).toEqual(body.accuracy);
  });

  it('starts a retraining where too many were wrong', async () => {
    const few = await judge({
      outcomes: asked.slice(0, 4).map(({ prediction_id }) => ({ prediction_id, label: 0 })),
    });
    expect(few.body.accuracy).toMatchObject({ judged: 4, accuracy: 0, is_degraded: false });
    await judge({ outcomes: asked.map(({ prediction_id }) => ({ prediction_id, label: 0 })) });
    expect(degraded).toMatchObject([{ modelName: NAME, judged: 6, accuracy: 0, isDegraded: true }]);
    // A new version begins anew.
    const version = await publish();
    const { body } = await predict(BODY);
    await judge({ outcomes: [{ prediction_id: body.prediction_id, label: 1 }] });
    await expect(app.app.get(AccuracyMonitor).readAccuracy()).resolves.toMatchObject({
      modelVersion: version,
      judged: 1,
      accuracy: 1,
    });
  });

  it('comes with the labels that are loaded later, and not with those known before', async () => {
    await app.steps.judgePredictions(contextOf());
    await expect(app.app.get(AccuracyMonitor).readAccuracy()).resolves.toMatchObject({
      judged: 0,
      accuracy: null,
    });
    // The label of customer 1 changes, customer 2 gets one; customer 0 keeps the one that was known.
    await app.write(
      'labels.csv',
      'idx,label,labeled_at\n0,1,2020-12-31 23:59:59\n1,1,2020-06-01\n2,0,2022-06-01\n',
    );
    await app.loadClientData({ parameters: { max_row_change: 9 } });
    await expect(app.steps.judgePredictions(contextOf())).resolves.toMatchObject({
      rowsOut: 2,
      details: { accuracy: 0.5 },
    });
    await expect(app.steps.judgePredictions(contextOf())).resolves.toMatchObject({ rowsOut: 0 });
    await app.write('labels.csv', smallFiles['labels.csv']!);
    await app.loadClientData({ parameters: { max_row_change: 9 } });
  });

  it.each([
    ['no outcomes', { outcomes: [] }],
    [
      'too many',
      { outcomes: Array(1_001).fill({ prediction_id: '00000000-0000-7000-8000-000000000000', label: 1 }) },
    ],
    ['a label of 2', { outcomes: [{ prediction_id: '00000000-0000-7000-8000-000000000000', label: 2 }] }],
    ['no identity', { outcomes: [{ prediction_id: 'x', label: 1 }] }],
    ['something else', { outcomes: 'all' }],
  ])('refuses %s', async (_what, body) => {
    expect((await judge(body)).status).toBe(422);
  });
});
