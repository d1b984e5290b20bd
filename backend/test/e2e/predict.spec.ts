import { createHash } from 'node:crypto';
import type { PredictionDto } from '../../src/predictions/dto/prediction.dto.js';
import { createModelApp, formOf, type ModelApp } from '../fixtures/model-app.js';
import { blue, green, photo, red } from '../fixtures/photos.js';
import type { ApiClient } from '../support/api-client.js';

const path = '/api/v1/predict';

describe('POST /predict', () => {
  let test: ModelApp;
  let user: ApiClient;
  let redPhoto: Buffer;

  beforeAll(async () => {
    test = await createModelApp();
    user = await test.user('shop@example.org');
    redPhoto = await photo(red);
  });
  afterAll(() => test.close());

  const predict = (options: Parameters<ApiClient['send']>[2], query = '') =>
    user.send<PredictionDto>('POST', path + query, options);

  const stored = async (id: string) =>
    (await test.database.query('SELECT * FROM predictions WHERE id = $1', [id]))[0];

  it('answers with every category, best first', async () => {
    const { status, body } = await predict({
      json: { designation: 'Jeu vidéo', description: 'pour console' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      prediction_id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      modality: 'text',
      model: { name: 'text', version: 1 },
      abstained: false,
      categories: expect.any(Array),
      timings_ms: {
        text: expect.any(Number),
        network: expect.any(Number),
        store: expect.any(Number),
        total: expect.any(Number),
      },
    });
    expect(body.categories[0]).toEqual({
      category_id: 40,
      label: 'Jeu vidéo',
      probability: expect.any(Number),
    });
    const probabilities = body.categories.map(({ probability }) => probability);
    expect(probabilities).toHaveLength(4);
    expect([...probabilities].sort((a, b) => b - a)).toEqual(probabilities);
    expect(Math.min(...probabilities)).toBeGreaterThanOrEqual(0);
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
  });

  it('cuts the answer to the limit', async () => {
    const all = await predict({ json: { designation: 'livre' } });
    const two = await predict({ json: { designation: 'livre', limit: 2 } });
    expect(two.body.categories).toEqual(all.body.categories.slice(0, 2));
    expect((await predict({ json: { designation: 'livre', limit: 1000 } })).body.categories).toHaveLength(4);
  });

  it('gives the same answer however the text comes', async () => {
    const fields = { designation: 'peluche', description: 'ours brun pour enfant', limit: '3' };
    const query = `?${new URLSearchParams(fields).toString()}`;
    const answers = await Promise.all([
      predict({ json: { ...fields, limit: 3 } }),
      predict({ body: formOf(fields) }),
      predict({}, query),
      predict({ json: { description: fields.description } }, '?designation=peluche&limit=3'),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body.categories).toEqual(answers[0]!.body.categories);
    }
    expect(answers[0]!.body.categories).toHaveLength(3);
  });

  it('gives the same answer however the photo comes', async () => {
    const base64 = redPhoto.toString('base64');
    const answers = await Promise.all([
      predict({ body: formOf({}, redPhoto) }),
      predict({ json: { image: base64 } }),
      predict({ json: { image: `data:image/jpeg;base64,${base64}` } }),
      predict({ json: { image: base64.replace(/.{76}/g, '$&\r\n') } }),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body.modality).toBe('image');
      expect(body.categories).toEqual(answers[0]!.body.categories);
      expect(body.categories[0]!.category_id).toBe(10);
    }
  });

  it.each([
    ['jpeg', green, 40],
    ['png', blue, 1280],
    ['webp', red, 10],
  ] as const)('reads %s', async (format, colour, category) => {
    const { status, body } = await predict({ body: formOf({}, await photo(colour, format)) });
    expect(status).toBe(200);
    expect(body.categories[0]!.category_id).toBe(category);
  });

  it('asks the fusion model for a text and a photo together', async () => {
    const { body } = await predict({ body: formOf({ designation: 'livre' }, redPhoto) });
    expect(body).toMatchObject({ modality: 'fusion', model: { name: 'fusion', version: 1 } });
    expect(Object.keys(body.timings_ms)).toEqual(
      expect.arrayContaining(['text', 'decode', 'network', 'fusion']),
    );
  });

  it('takes a blank text beside a photo for none', async () => {
    const { body } = await predict({ body: formOf({ designation: '  ' }, redPhoto) });
    expect(body).toMatchObject({ modality: 'image', model: { name: 'image' } });
  });

  it('says when it is unsure', async () => {
    await test.publish('text', { abstentionThreshold: 0.999 });
    expect((await predict({ json: { designation: 'xyzzy' } })).body).toMatchObject({
      abstained: true,
      model: { version: 2 },
    });
    await test.registry.store.setAlias('text', 'production', 1);
    await test.host.refresh();
  });

  it('stores what was asked and answered, but not the photo', async () => {
    const { body } = await predict({
      body: formOf({ designation: 'Livre <b>ancien</b>', limit: '1' }, redPhoto),
    });
    const [{ id: userId }] = (await test.database.query<{ id: string }>(
      "SELECT id FROM users WHERE email = 'shop@example.org'",
    )) as [{ id: string }];
    const row = await stored(body.prediction_id);
    expect(row).toMatchObject({
      user_id: userId,
      modality: 'fusion',
      model_name: 'fusion',
      model_version: 1,
      designation: 'Livre <b>ancien</b>',
      description: null,
      image_sha256: createHash('sha256').update(redPhoto).digest('hex'),
      input_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      category_id: 10,
      abstained: false,
    });
    expect(row!.category_ids).toHaveLength(4);
    expect((row!.probabilities as number[])[0]).toBe(body.categories[0]!.probability);
    expect(JSON.stringify(row)).not.toContain(redPhoto.toString('base64').slice(0, 40));
  });

  it('gives equal inputs equal hashes, and others other ones', async () => {
    const ask = async (json: object) =>
      (await stored((await predict({ json })).body.prediction_id))!.input_hash;
    const first = await ask({ designation: 'ab', description: 'c' });
    expect(await ask({ designation: 'ab', description: 'c' })).toBe(first);
    expect(await ask({ designation: 'a', description: 'bc' })).not.toBe(first);
  });

  it.each([
    ['HTML', 'Livre <p>de <b>poche</b> &eacute;dition</p><script>alert(1)</script>'],
    ['emoji', 'livre 📚👩‍👩‍👧 🇫🇷'],
    ['right-to-left text', 'كتاب livre ספר \u202e'],
    ['combining marks', 'livre e\u0301dition'],
    ['SQL', "livre'); DROP TABLE predictions; --"],
    ['array and JSON syntax', 'livre {"a", \\"NULL\\", NULL} \\ ,'],
    ['NULL as a word', 'NULL livre'],
  ])('keeps %s as it is', async (_name, designation) => {
    const { status, body } = await predict({ json: { designation, description: designation } });
    expect(status).toBe(200);
    expect(await stored(body.prediction_id)).toMatchObject({ designation, description: designation });
  });

  it.each([
    ['NUL bytes', 'livre\0de\0poche', 'livre\uFFFDde\uFFFDpoche'],
    ['a lone high surrogate', 'livre \ud83d poche', 'livre \uFFFD poche'],
    ['a lone low surrogate', '\udcdalivre', '\uFFFDlivre'],
  ])('answers for %s and stores them cleanly', async (_name, designation, clean) => {
    // `JSON.stringify` writes both as escapes, as a careless client would.
    const { status, body } = await predict({ json: { designation } });
    expect(status).toBe(200);
    expect(body.categories[0]!.category_id).toBe(10);
    expect((await stored(body.prediction_id))!.designation).toBe(clean);
  });

  it('stores each of many concurrent predictions once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        predict({ json: { designation: `livre concurrent ${i}`, limit: 1 } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const rows = await test.database.query<{ id: string; designation: string }>(
      "SELECT id, designation FROM predictions WHERE designation LIKE 'livre concurrent %'",
    );
    const byId = new Map(rows.map(({ id, designation }) => [id, designation]));
    expect(byId.size).toBe(200);
    answers.forEach(({ body }, i) => expect(byId.get(body.prediction_id)).toBe(`livre concurrent ${i}`));
  });

  it('keeps the prediction of a deleted user, without the user', async () => {
    const admin = await test.admin();
    const leaver = await test.user('leaver@example.org');
    const { body } = await leaver.send<PredictionDto>('POST', path, { json: { designation: 'livre' } });
    const { body: me } = await leaver.get<{ id: string }>('/api/v1/users/me');
    expect((await admin.send('DELETE', `/api/v1/users/${me.id}`)).status).toBe(204);
    expect(await stored(body.prediction_id)).toMatchObject({ user_id: null });
  });
});

describe('POST /predict by a user who is being deleted', () => {
  it('answers, stores the row without the user, and takes nobody else along', async () => {
    const test = await createModelApp(['text'], { env: { AUTH_USER_CACHE_MS: '60000' } });
    try {
      const [stayer, leaver] = [await test.user('stayer@example.org'), await test.user('leaver@example.org')];
      await leaver.get('/api/v1/users/me'); // known for a minute from now on
      await test.database.query("DELETE FROM users WHERE email = 'leaver@example.org'");
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          (i % 10 === 0 ? leaver : stayer).send('POST', path, { json: { designation: 'livre' } }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
      const [counts] = await test.database.query(
        'SELECT count(*)::int AS n, count(user_id)::int AS users FROM predictions',
      );
      expect(counts).toEqual({ n: 40, users: 36 });
    } finally {
      await test.close();
    }
  });
});

describe('POST /predict with some models missing', () => {
  const cases = [
    { present: [], text: 503, image: 503, both: 503 },
    { present: ['text'], text: 'text', image: 503, both: 'text' },
    { present: ['image'], text: 503, image: 'image', both: 'image' },
    { present: ['text', 'image'], text: 'text', image: 'image', both: 'text' },
    { present: ['fusion'], text: 'text', image: 'image', both: 'fusion' },
  ] as const;

  it.each(cases)('with $present alone', async ({ present, ...expected }) => {
    const test = await createModelApp(present);
    try {
      const user = await test.user('shop@example.org');
      const image = await photo(red);
      const requests = {
        text: formOf({ designation: 'livre' }),
        image: formOf({}, image),
        both: formOf({ designation: 'livre' }, image),
      };
      for (const kind of ['text', 'image', 'both'] as const) {
        const { status, body, headers } = await user.send('POST', path, { body: requests[kind] });
        if (expected[kind] === 503) {
          expect({ status, body }).toMatchObject({ status: 503, body: { code: 'model-not-ready' } });
          expect(body.detail).toContain(kind === 'both' ? 'fusion' : kind);
          expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        } else {
          expect({ status, body }).toMatchObject({ status: 200, body: { modality: expected[kind] } });
        }
      }
    } finally {
      await test.close();
    }
  });
});
