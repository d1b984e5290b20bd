import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ExperimentResultsDto,
  WinnerPromotionDto,
} from '../../src/experiments/dto/experiment-results.dto.js';
import type { ExperimentDto } from '../../src/experiments/dto/experiment.dto.js';
import { createExperimentApp, MODEL, type ExperimentApp } from '../fixtures/experiments/experiment-app.js';
import type { ApiClient, ApiResponse } from '../support/api-client.js';

interface Answer {
  product_id: number;
  snapshot_id: string;
}

const ROUTE = '/api/v1/experiments';

describe('experiments', () => {
  let test: ExperimentApp;
  let admin: ApiClient;
  let ignorant: string;
  let knowing: string;

  beforeAll(async () => {
    test = await createExperimentApp();
    admin = test.administrator;
    ignorant = (await test.addSnapshot(0)).id;
    knowing = (await test.addSnapshot(2)).id;
  });
  afterAll(() => test.close());
  afterEach(async () => {
    const { body } = await admin.get<{ items: ExperimentDto[] }>(ROUTE);
    for (const { id, status } of body.items) if (status === 'running') await post(`${id}/stop`);
  });

  const post = <T = ExperimentDto>(
    path: string,
    json: unknown = {},
    client = admin,
  ): Promise<ApiResponse<T>> => client.send<T>('POST', path === '' ? ROUTE : `${ROUTE}/${path}`, { json });
  const arms = () => [
    { name: 'ignorant', snapshot_id: ignorant, weight: 1 },
    { name: 'knowing', snapshot_id: knowing, weight: 1 },
  ];
  async function create(changes: object = {}): Promise<ExperimentDto> {
    const { status, body } = await post('', { name: 'what they know', arms: arms(), ...changes });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body;
  }
  async function start(changes: object = {}): Promise<ExperimentDto> {
    const { status, body } = await post(`${(await create(changes)).id}/start`);
    expect([status, body.status]).toEqual([200, 'running']);
    return body;
  }
  const results = async (id: string) =>
    (await admin.get<ExperimentResultsDto>(`${ROUTE}/${id}/results`)).body;
  const categoryOf = (productId: number) => (productId % 2 === 0 ? 'mode' : 'loisirs');
  async function predict(productIds: readonly number[], client = admin): Promise<Answer[]> {
    const json = productIds.map((product_id) => ({
      product_id,
      prix: 10,
      categorie: categoryOf(product_id),
    }));
    const { body } = await client.send<Answer[]>('POST', '/api/v1/time-to-sell/predict', { json });
    expect(body).toHaveLength(productIds.length);
    return body;
  }
  /** Nine of ten products sell as their category says. */
  async function report(productIds: readonly number[]): Promise<void> {
    const json = productIds.map((product_id) => ({
      product_id,
      delai_vente: product_id % 10 === 3 ? 1 : categoryOf(product_id) === 'mode' ? 0 : 2,
    }));
    const { status } = await admin.send('POST', '/api/v1/time-to-sell/outcomes', { json });
    expect(status).toBe(200);
  }
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  const armOf = ({ arms }: ExperimentDto, name: string) => arms.find((arm) => arm.name === name)!;

  it('is for administrators', async () => {
    const user = await test.user('shop@example.org');
    expect((await user.get(ROUTE)).status).toBe(403);
    expect((await post('', {}, user)).status).toBe(403);
    expect((await test.client.get(ROUTE)).status).toBe(401);
  });

  it('puts experiments together, changes, lists and removes them', async () => {
    const experiment = await create({ hypothesis: 'knowing helps', ramp_percent: 12.5, maturity_days: 30 });
    expect(experiment).toMatchObject({
      name: 'what they know',
      hypothesis: 'knowing helps',
      model_name: MODEL,
      status: 'draft',
      ramp_percent: 12.5,
      maturity_days: 30,
      started_at: null,
      arms: [
        { name: 'ignorant', snapshot_id: ignorant, model_version: 2, weight: 1, shadow: false },
        { name: 'knowing', snapshot_id: knowing, model_version: 3, weight: 1, shadow: false },
      ],
    });
    const path = `${ROUTE}/${experiment.id}`;
    expect((await admin.get(path)).body).toEqual(experiment);
    const changed = await admin.send<ExperimentDto>('PATCH', path, {
      json: {
        name: 'in the shadow',
        arms: [
          { name: 'shown', snapshot_id: ignorant, weight: 3 },
          { name: 'hidden', snapshot_id: knowing, shadow: true },
        ],
      },
    });
    expect(changed.body).toMatchObject({
      name: 'in the shadow',
      hypothesis: 'knowing helps',
      arms: [
        { name: 'shown', weight: 3, shadow: false },
        { name: 'hidden', weight: null, shadow: true },
      ],
    });
    const list = await admin.get<{ items: ExperimentDto[]; total: number }>(`${ROUTE}?limit=1`);
    expect(list.body.items).toEqual([changed.body]);
    expect((await admin.send('DELETE', path)).status).toBe(204);
    expect((await admin.get(path)).body).toMatchObject({ status: 404, code: 'experiment-not-found' });
    expect((await admin.send('DELETE', path)).status).toBe(404);
  });

  it.each<[string, (arms: Record<string, unknown>[]) => object, string]>([
    ['a weight of 0', ([a, b]) => ({ arms: [{ ...a, weight: 0 }, b] }), '#/arms/0/weight'],
    ['a negative weight', ([a, b]) => ({ arms: [a, { ...b, weight: -1 }] }), '#/arms/1/weight'],
    ['a weight that is NaN', ([a, b]) => ({ arms: [{ ...a, weight: NaN }, b] }), '#/arms/0/weight'],
    ['a weight in words', ([a, b]) => ({ arms: [{ ...a, weight: '1' }, b] }), '#/arms/0/weight'],
    ['an endless weight', ([a, b]) => ({ arms: [{ ...a, weight: 1e300 }, b] }), '#/arms/0/weight'],
    ['no weight', ([a, b]) => ({ arms: [{ ...a, weight: undefined }, b] }), '#/arms/0/weight'],
    ['a weight of a shadow', ([a, b]) => ({ arms: [a, { ...b, shadow: true }] }), '#/arms/1/weight'],
    [
      'shadows alone',
      (all) => ({ arms: all.map((arm) => ({ ...arm, weight: undefined, shadow: true })) }),
      '#/arms',
    ],
    ['one arm', ([a]) => ({ arms: [a] }), '#/arms'],
    ['no arms', () => ({ arms: [] }), '#/arms'],
    ['arms that are none', () => ({ arms: [null, 7] }), '#/arms/0'],
    ['arms in words', () => ({ arms: 'two' }), '#/arms'],
    ['the same name twice', ([a, b]) => ({ arms: [a, { ...b, name: a!.name }] }), '#/arms'],
    ['the same snapshot twice', ([a, b]) => ({ arms: [a, { ...b, snapshot_id: a!.snapshot_id }] }), '#/arms'],
    [
      'an unknown snapshot',
      ([a, b]) => ({ arms: [a, { ...b, snapshot_id: randomUUID() }] }),
      '#/arms/1/snapshot_id',
    ],
    [
      'a snapshot that is no id',
      ([a, b]) => ({ arms: [{ ...a, snapshot_id: '1' }, b] }),
      '#/arms/0/snapshot_id',
    ],
    ['a name that is empty', () => ({ name: '  ' }), '#/name'],
    ['a name with NUL', () => ({ name: 'a\u0000b' }), '#/name'],
    ['a ramp beyond 100 %', () => ({ ramp_percent: 100.1 }), '#/ramp_percent'],
    ['half a day', () => ({ maturity_days: 0.5 }), '#/maturity_days'],
    ['an unknown field', () => ({ salt: 'mine' }), '#/salt'],
  ])('refuses %s', async (_what, change, pointer) => {
    const json = { name: 'bad', arms: arms(), ...change(arms()) };
    const { status, body } = await post<{ code: string; errors: { pointer: string }[] }>('', json);
    expect([status, body.code]).toEqual([422, 'validation-failed']);
    expect(body.errors.map((error) => error.pointer)).toContain(pointer);
  });

  it('runs one experiment at a time, however many are started at once', async () => {
    const drafts = await Promise.all([create(), create(), create()]);
    const answers = await Promise.all(drafts.map(({ id }) => post<Record<string, unknown>>(`${id}/start`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('experiment-running');
  });

  it('allows of each status what belongs to it', async () => {
    const { id } = await start();
    const codeOf = async (method: string, path = '', json?: unknown) => {
      const { status, body } = await admin.send(method, `${ROUTE}/${id}${path}`, { json });
      return [status, body.code];
    };
    const refused = [409, 'experiment-status'];
    expect(await codeOf('POST', '/start')).toEqual(refused);
    expect(await codeOf('PATCH', '', { name: 'other' })).toEqual(refused);
    expect(await codeOf('DELETE')).toEqual(refused);
    expect((await post(`${id}/stop`)).body.stopped_at).not.toBeNull();
    expect(await codeOf('POST', '/stop')).toEqual(refused);
    expect(await codeOf('POST', '/start')).toEqual(refused);
    expect(await codeOf('POST', '/ramp', { ramp_percent: 5 })).toEqual(refused);
    expect(await codeOf('POST', '/ramp', { ramp_percent: -5 })).toEqual([422, 'validation-failed']);
    const unknown = randomUUID();
    for (const path of ['start', 'stop', 'promote-winner']) {
      expect((await post<Record<string, unknown>>(`${unknown}/${path}`)).body.code).toBe(
        'experiment-not-found',
      );
    }
    expect((await admin.get(`${ROUTE}/${unknown}/results`)).status).toBe(404);
    expect((await admin.get(`${ROUTE}/nonsense/results`)).status).toBe(422);
  });

  it('keeps every product in its arm when the ramp rises, and lets production answer for the others', async () => {
    const { id } = await start({ ramp_percent: 30 });
    const ids = range(1, 200);
    const inArm = ({ snapshot_id }: Answer) => [ignorant, knowing].includes(snapshot_id);
    const low = await predict(ids);
    expect(low.filter(inArm).length).toBeGreaterThan(30);
    expect(low.filter(inArm).length).toBeLessThan(90);
    expect((await predict(ids)).map(({ snapshot_id }) => snapshot_id)).toEqual(
      low.map(({ snapshot_id }) => snapshot_id),
    );
    await post(`${id}/ramp`, { ramp_percent: 100 });
    const high = await predict(ids);
    expect(high.every(inArm)).toBe(true);
    low.forEach((answer, i) => {
      if (inArm(answer)) expect(high[i]!.snapshot_id).toBe(answer.snapshot_id);
    });
    await post(`${id}/ramp`, { ramp_percent: 0 });
    expect((await predict(ids)).some(inArm)).toBe(false);
  });

  it('assigns alike in another process and after a restart, and hears of a stop', async () => {
    const { id } = await start();
    const ids = range(1, 40);
    const here = (await predict(ids)).map(({ snapshot_id }) => snapshot_id);
    const replica = await test.openReplica({ EXPERIMENTS_REFRESH_INTERVAL_MS: '50' });
    try {
      const there = await replica.admin();
      const answers = async () => (await predict(ids, there)).map(({ snapshot_id }) => snapshot_id);
      expect(await answers()).toEqual(here);
      await post(`${id}/stop`);
      await until(async () => (await answers()).every((snapshot) => ![ignorant, knowing].includes(snapshot)));
    } finally {
      await replica.close();
    }
  });

  it('asks no database which arm a product is in', async () => {
    const { id } = await start();
    await test.database.query(`UPDATE experiments SET status = 'stopped' WHERE id = $1`, [id]);
    const answers = await predict(range(1, 10));
    expect(answers.every(({ snapshot_id }) => [ignorant, knowing].includes(snapshot_id))).toBe(true);
  });

  it('finds the winner of answering arms, promotes it in one call, and ends there', async () => {
    const experiment = await start();
    const ids = range(10_000, 320);
    const [first, second] = [armOf(experiment, 'ignorant'), armOf(experiment, 'knowing')];
    expect(await results(experiment.id)).toMatchObject({
      winner_arm_id: null,
      alpha: 0.05,
      min_outcomes: 100,
    });
    await predict(ids);
    await predict(ids);
    await report(ids);
    const body = await results(experiment.id);
    const [a, b] = body.arms;
    expect(a!.products + b!.products).toBe(320);
    expect(a!.predictions + b!.predictions).toBe(640);
    expect(a!.outcomes + b!.outcomes).toBe(320);
    expect(a!.log_loss.mean).toBeCloseTo(Math.log(3), 6);
    expect(b!.log_loss.mean).toBeLessThan(0.8);
    expect(b!.accuracy.mean).toBeGreaterThan(0.8);
    for (const { log_loss, accuracy, brier } of body.arms) {
      for (const { mean, lower, upper } of [log_loss, accuracy, brier]) {
        expect(lower).toBeLessThan(mean!);
        expect(upper).toBeGreaterThan(mean!);
      }
    }
    expect(body.comparisons).toEqual([
      {
        first_arm_id: first.id,
        second_arm_id: second.id,
        paired: false,
        outcomes: Math.min(a!.outcomes, b!.outcomes),
        difference: expect.closeTo(a!.log_loss.mean! - b!.log_loss.mean!, 9),
        lower: expect.any(Number),
        upper: expect.any(Number),
        e_value: expect.any(Number),
        better_arm_id: second.id,
      },
    ]);
    expect(body.winner_arm_id).toBe(second.id);

    const wrong = await post<Record<string, unknown>>(`${experiment.id}/promote-winner`, {
      arm_id: first.id,
    });
    expect([wrong.status, wrong.body.code]).toEqual([409, 'experiment-undecided']);
    const { status, body: promoted } = await post<WinnerPromotionDto>(`${experiment.id}/promote-winner`, {
      reason: 'it knows',
    });
    expect(status).toBe(200);
    expect(promoted.experiment).toMatchObject({ status: 'stopped', promoted_arm_id: second.id });
    expect(promoted.promotion).toMatchObject({
      model: MODEL,
      alias: 'production',
      from_version: 1,
      to_version: 3,
      is_forced: false,
      gate: { passed: true },
    });
    expect(promoted.promotion.reason).toMatch(/^it knows; arm knowing of experiment .* won/);
    expect((await predict([1]))[0]!.snapshot_id).toBe(knowing);
    await expect(results(experiment.id)).resolves.toMatchObject({ winner_arm_id: second.id });
  });

  it('does not promote what has not won, unless it is forced with a reason', async () => {
    const experiment = await start();
    const promote = (json: object) => post<Record<string, unknown>>(`${experiment.id}/promote-winner`, json);
    expect((await promote({})).body).toMatchObject({ status: 409, code: 'experiment-undecided' });
    expect((await promote({ force: true })).body.code).toBe('validation-failed');
    expect((await promote({ force: true, reason: 'why not' })).body.code).toBe('experiment-undecided');
    const stranger = await promote({ arm_id: randomUUID(), force: true, reason: 'why not' });
    expect(stranger.body).toMatchObject({ code: 'validation-failed', errors: [{ pointer: '#/arm_id' }] });
    const arm_id = armOf(experiment, 'ignorant').id;
    const { status, body } = await promote({ arm_id, force: true, reason: 'back to the roots' });
    expect([status, body]).toMatchObject([200, { promotion: { to_version: 2, is_forced: true } }]);
  });

  it('stores shadows beside the answers, never answers them, and compares on the same products', async () => {
    const experiment = await start({
      arms: [
        { name: 'shown', snapshot_id: ignorant, weight: 1 },
        { name: 'hidden', snapshot_id: knowing, shadow: true },
      ],
    });
    const ids = range(20_000, 120);
    const answers = await predict(ids);
    expect(answers.every(({ snapshot_id }) => snapshot_id === ignorant)).toBe(true);
    await until(async () => (await results(experiment.id)).arms[1]!.predictions === 120);
    await report(ids);
    const body = await results(experiment.id);
    expect(body.arms.map(({ outcomes }) => outcomes)).toEqual([120, 120]);
    expect(body.comparisons).toMatchObject([{ paired: true, outcomes: 120 }]);
    expect(body.winner_arm_id).toBe(armOf(experiment, 'hidden').id);
  });

  it('lets the verdict overrule the gate on the version that it beat, and on no other', async () => {
    const inPlace = await test.addSnapshot(0, 'production');
    const better = await test.addSnapshot(2);
    await test.registry.store.setVersionTags(MODEL, better.version, { test_hash: 'of other data' });
    const decide = async (shown: string, from: number): Promise<string> => {
      const { id } = await start({
        arms: [
          { name: 'shown', snapshot_id: shown, weight: 1 },
          { name: 'hidden', snapshot_id: better.id, shadow: true },
        ],
      });
      await predict(range(from, 110));
      await until(async () => (await results(id)).arms[1]!.predictions === 110);
      await report(range(from, 110));
      await post(`${id}/stop`);
      return id;
    };
    const other = await decide(ignorant, 50_000);
    const refused = await post<Record<string, unknown>>(`${other}/promote-winner`);
    expect([refused.status, refused.body.code]).toEqual([409, 'promotion-refused']);
    const own = await decide(inPlace.id, 60_000);
    const { status, body } = await post<WinnerPromotionDto>(`${own}/promote-winner`);
    expect([status, body]).toMatchObject([
      200,
      {
        experiment: { status: 'stopped' },
        promotion: {
          from_version: inPlace.version,
          to_version: better.version,
          is_forced: true,
          gate: { passed: false },
          reason: expect.stringMatching(/^arm hidden of experiment .* won/),
        },
      },
    ]);
  });

  it('counts an outcome when its product has matured', async () => {
    const experiment = await start({ maturity_days: 30 });
    const ids = range(30_000, 10);
    await predict(ids);
    await report(ids);
    const counted = async () =>
      (await results(experiment.id)).arms.reduce((sum, arm) => sum + arm.outcomes, 0);
    expect(await counted()).toBe(0);
    await test.database.query(
      `UPDATE time_to_sell_predictions SET created_at = created_at - interval '31 days' WHERE experiment_id = $1`,
      [experiment.id],
    );
    expect(await counted()).toBe(10);
  });

  it('lets production answer for an arm whose package is missing, and counts that apart', async () => {
    const broken = await test.addSnapshot(1);
    const { runId } = await test.registry.store.getVersion(MODEL, broken.version);
    await rm(join(test.registry.registryDir, 'runs', runId!), { recursive: true, force: true });
    const experiment = await start({
      arms: [
        { name: 'sound', snapshot_id: ignorant, weight: 1 },
        { name: 'broken', snapshot_id: broken.id, weight: 1 },
      ],
    });
    const answers = await predict(range(40_000, 60));
    expect(answers.some(({ snapshot_id }) => snapshot_id === broken.id)).toBe(false);
    const { arms: counted } = await results(experiment.id);
    const [sound, missing] = counted;
    expect(sound!.fallbacks).toBe(0);
    expect(missing).toMatchObject({ predictions: 0, products: 0, outcomes: 0 });
    expect(missing!.fallbacks + sound!.predictions).toBe(60);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The condition did not come true');
}
