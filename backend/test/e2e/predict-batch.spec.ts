import type { ProblemDto } from '../../src/common/errors/problem.dto.js';
import type { PredictionDto } from '../../src/predictions/dto/prediction.dto.js';
import { createModelApp, type ModelApp } from '../fixtures/model-app.js';
import { blue, photo, red } from '../fixtures/photos.js';
import type { ApiClient } from '../support/api-client.js';

const path = '/api/v1/predict/batch';
const ndjson = { 'content-type': 'application/x-ndjson' };

type Item = PredictionDto & ProblemDto;

describe('POST /predict/batch', () => {
  let test: ModelApp;
  let user: ApiClient;

  beforeAll(async () => {
    test = await createModelApp();
    user = await test.user('shop@example.org');
  });
  afterAll(() => test.close());

  const sendJson = (json: unknown) => user.send<Item[]>('POST', path, { json });
  async function sendLines(lines: string): Promise<{ status: number; type: string | null; items: Item[] }> {
    const { status, headers, body } = await user.send<unknown>('POST', path, {
      body: lines,
      headers: ndjson,
    });
    // A single line is a JSON document, which the client has parsed already.
    const items =
      typeof body === 'string'
        ? body
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Item)
        : [body as Item];
    return { status, type: headers.get('content-type'), items };
  }

  it('answers each item in order, with the answer that it would get alone', async () => {
    const image = (await photo(red)).toString('base64');
    const products = [
      { designation: 'jeu vidéo', limit: 2 },
      { image },
      { designation: 'piscine', image: (await photo(blue)).toString('base64') },
      { description: 'peluche' },
    ];
    const { status, body } = await sendJson(products);
    expect(status).toBe(200);
    expect(body.map(({ modality }) => modality)).toEqual(['text', 'image', 'fusion', 'text']);
    expect(body[0]!.categories).toHaveLength(2);
    for (const [i, json] of products.entries()) {
      const alone = await user.send<PredictionDto>('POST', '/api/v1/predict', { json });
      expect(body[i]!.categories).toEqual(alone.body.categories);
    }
  });

  it('answers a problem for an item that is wrong, and goes on', async () => {
    const { status, body } = await sendJson([
      { designation: 'livre' },
      { designation: 'livre', limit: 0 },
      {},
      null,
      'livre',
      { colour: 'red' },
      { image: 'not base64!' },
      { image: Buffer.from('no image').toString('base64') },
      { designation: 'x'.repeat(10_001) },
      { designation: 'livre' },
    ]);
    expect(status).toBe(200);
    expect(body.map(({ status: item, code }) => [item, code])).toEqual([
      [undefined, undefined],
      [422, 'validation-failed'],
      [422, 'input-empty'],
      [422, 'validation-failed'],
      [422, 'validation-failed'],
      [422, 'validation-failed'],
      [422, 'validation-failed'],
      [415, 'image-unsupported'],
      [422, 'validation-failed'],
      [undefined, undefined],
    ]);
    expect(body[1]).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      traceId: expect.any(String),
      errors: [{ pointer: '#/limit', detail: expect.any(String) }],
    });
  });

  it('reads and writes newline-delimited JSON', async () => {
    const lines = '{"designation":"livre"}\r\n\n{"designation":}\n  \n{"designation":"piscine","limit":1}';
    const { status, type, items } = await sendLines(lines);
    expect(status).toBe(200);
    expect(type).toContain('application/x-ndjson');
    expect(items).toHaveLength(3);
    expect(items[0]!.categories[0]!.category_id).toBe(10);
    expect(items[1]).toMatchObject({ status: 400, code: 'invalid-json' });
    expect(items[2]!.categories).toEqual([
      { category_id: 2583, label: 'Piscine', probability: expect.any(Number) },
    ]);
  });

  it('streams: the first lines come before the last item is answered', async () => {
    const long = JSON.stringify({ description: 'livre de poche '.repeat(1_000) });
    const response = await fetch(new URL(path, test.url), {
      method: 'POST',
      headers: { ...ndjson, authorization: `Bearer ${user.token}` },
      body: Array.from({ length: 300 }, () => long).join('\n'),
    });
    const chunks: { at: number; lines: number }[] = [];
    for await (const chunk of response.body!) {
      chunks.push({
        at: performance.now(),
        lines:
          Buffer.from(chunk as Uint8Array)
            .toString()
            .split('\n').length - 1,
      });
    }
    expect(chunks.reduce((sum, { lines }) => sum + lines, 0)).toBe(300);
    expect(chunks.at(-1)!.at - chunks[0]!.at).toBeGreaterThan(5);
  });

  it('takes 1,000 items and stores each answer once', async () => {
    const products = Array.from({ length: 1000 }, (_, i) => ({ designation: `livre de lot ${i}`, limit: 1 }));
    const { status, body } = await sendJson(products);
    expect(status).toBe(200);
    const rows = await test.database.query<{ id: string; designation: string }>(
      "SELECT id, designation FROM predictions WHERE designation LIKE 'livre de lot %'",
    );
    const byId = new Map(rows.map(({ id, designation }) => [id, designation]));
    expect(rows).toHaveLength(1000);
    body.forEach(({ prediction_id }, i) => expect(byId.get(prediction_id)).toBe(`livre de lot ${i}`));
  });

  it.each([
    ['no item', 0, 'batch-empty'],
    ['1,001 items', 1001, 'batch-too-large'],
  ])('refuses %s', async (_name, count, code) => {
    const products = Array.from({ length: count }, () => ({ designation: 'livre' }));
    const asJson = await user.send('POST', path, { json: products });
    const lines = `${products.map((product) => JSON.stringify(product)).join('\n')}\n`;
    const asLines = await user.send('POST', path, { body: lines, headers: ndjson });
    for (const { status, body } of [asJson, asLines]) {
      expect({ status, code: body.code }).toEqual({ status: 422, code });
    }
  });

  it.each([
    ['an object', '{"designation":"livre"}', 'application/json', 422, 'validation-failed'],
    ['invalid JSON', '[{"designation":', 'application/json', 400, 'invalid-json'],
    ['a form', 'designation=livre', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
    ['plain text', 'livre', 'text/plain', 415, 'unsupported-media-type'],
    ['too many bytes', `["${'x'.repeat(65 * 1024 * 1024)}"]`, 'application/json', 413, 'payload-too-large'],
  ])('refuses %s', async (_name, body, type, status, code) => {
    const response = await user.send('POST', path, { body, headers: { 'content-type': type } });
    expect({ status: response.status, code: response.body.code }).toEqual({ status, code });
  });

  it('needs a token', async () => {
    expect((await test.client.send('POST', path, { json: [{ designation: 'livre' }] })).status).toBe(401);
  });

  it('does not parse the body of a stranger', async () => {
    const broken = { body: `[${'{'.repeat(1_000_000)}`, headers: { 'content-type': 'application/json' } };
    for (const token of ['', 'not.a.token']) {
      const { status } = await test.client.withToken(token).send('POST', path, broken);
      expect(status).toBe(401);
    }
    expect((await user.send('POST', path, broken)).status).toBe(400);
  });

  it('lets single requests through while it works', async () => {
    const description = 'livre de poche illustré pour enfant avec manette '.repeat(40);
    const batch = sendJson(Array.from({ length: 1000 }, () => ({ description, limit: 1 })));
    let isDone = false;
    void batch.finally(() => (isDone = true));
    const times: number[] = [];
    while (!isDone) {
      const start = performance.now();
      await user.send('POST', '/api/v1/predict', { json: { designation: 'livre', limit: 1 } });
      times.push(performance.now() - start);
    }
    expect((await batch).status).toBe(200);
    expect(times.length).toBeGreaterThan(5);
    expect(times.sort((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(200);
  });

  it('goes on after clients that hang up in the middle of an answer', async () => {
    const body = Array.from({ length: 1000 }, () =>
      JSON.stringify({ description: 'livre '.repeat(200) }),
    ).join('\n');
    for (let i = 0; i < 12; i++) {
      const abort = new AbortController();
      const response = await fetch(new URL(path, test.url), {
        method: 'POST',
        headers: { ...ndjson, authorization: `Bearer ${user.token}` },
        body,
        signal: abort.signal,
      });
      expect(response.status).toBe(200);
      abort.abort();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect((await sendJson([{ designation: 'livre' }])).status).toBe(200);
  });
});

describe('POST /predict/batch without models', () => {
  it('answers a problem an item', async () => {
    const test = await createModelApp([]);
    try {
      const user = await test.user('shop@example.org');
      const { status, body } = await user.send<Item[]>('POST', path, { json: [{ designation: 'livre' }] });
      expect(status).toBe(200);
      expect(body).toEqual([expect.objectContaining({ status: 503, code: 'model-not-ready' })]);
    } finally {
      await test.close();
    }
  });
});
