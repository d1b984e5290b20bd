import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { createModelApp, formOf, type ModelApp } from '../fixtures/model-app.js';
import { animation, buildBomb, photo, red } from '../fixtures/photos.js';
import type { ApiClient, ApiResponse } from '../support/api-client.js';

const path = '/api/v1/predict';
const MIB = 1024 * 1024;

describe('POST /predict with bad input', () => {
  let test: ModelApp;
  let user: ApiClient;
  let jpeg: Buffer;
  let bomb: Buffer;

  beforeAll(async () => {
    test = await createModelApp();
    user = await test.user('shop@example.org');
    jpeg = await photo(red);
    bomb = buildBomb(30_000);
  });
  afterAll(() => test.close());

  /** The service must still answer after whatever it was sent, and nothing of it may be stored. */
  async function expectProblem(
    ask: () => Promise<ApiResponse>,
    status: number,
    code: string,
    pointers?: string[],
  ): Promise<ApiResponse> {
    const before = await countStored();
    const response = await ask();
    expect({ status: response.status, code: response.body.code }).toEqual({ status, code });
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.body).toMatchObject({ title: expect.any(String), traceId: expect.any(String) });
    if (pointers) {
      expect((response.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(pointers);
    }
    expect(await countStored()).toBe(before);
    expect((await send({ json: { designation: 'livre' } })).status).toBe(200);
    return response;
  }

  const send = (options: Parameters<ApiClient['send']>[2], query = '') =>
    user.send('POST', path + query, options);

  async function countStored(): Promise<number> {
    const [row] = await test.database.query<{ n: number }>('SELECT count(*)::int AS n FROM predictions');
    return row!.n;
  }

  describe('limit', () => {
    it.each([0, -1, 1.5, 'abc', '3', 1e300, true, [1]])('%j in JSON', (limit) =>
      expectProblem(() => send({ json: { designation: 'livre', limit } }), 422, 'validation-failed', [
        '#/limit',
      ]),
    );

    it.each(['0', '-1', '1.5', 'abc', '', ' 1', '1e3', '0x10', '99999999999999999999'])(
      '%j in a form',
      (limit) =>
        expectProblem(
          () => send({ body: formOf({ designation: 'livre', limit }) }),
          422,
          'validation-failed',
          ['#/limit'],
        ),
    );

    it.each(['0', '-1', '1.5', 'abc'])('%j in the query', (limit) =>
      expectProblem(() => send({}, `?designation=livre&limit=${limit}`), 422, 'validation-failed', [
        '#/limit',
      ]),
    );
  });

  describe('nothing to predict from', () => {
    const nothings: [string, () => Promise<ApiResponse>][] = [
      ['no body', () => send({})],
      ['an empty object', () => send({ json: {} })],
      ['nulls', () => send({ json: { designation: null, description: null, image: null } })],
      ['blanks', () => send({ json: { designation: ' \n\t', description: '' } })],
      ['an empty form', () => send({ body: formOf({ designation: '' }) })],
      ['HTML without a text', () => send({ json: { designation: '<br><img src="x">' } })],
      ['a limit alone', () => send({}, '?limit=3')],
    ];
    it.each(nothings)('%s', (_name, ask) => expectProblem(ask, 422, 'input-empty'));
  });

  describe('fields', () => {
    it.each([
      ['unknown in JSON', { designation: 'livre', colour: 'red', 'a/b~c': 1 }, ['#/colour', '#/a~1b~0c']],
      ['a number for a text', { designation: 5 }, ['#/designation']],
      ['a list for a text', { designation: ['livre'] }, ['#/designation']],
      ['an object for an image', { image: { data: 'x' } }, ['#/image']],
      ['too long a designation', { designation: 'x'.repeat(10_001) }, ['#/designation']],
      ['too long a description', { description: 'x'.repeat(200_001) }, ['#/description']],
      ['a megabyte of text', { designation: 'livre '.repeat(170_000) }, ['#/designation']],
      [
        'several faults',
        { designation: 1, description: 2, limit: 0, x: 1 },
        ['#/designation', '#/description', '#/limit', '#/x'],
      ],
    ])('%s', (_name, json, pointers) =>
      expectProblem(() => send({ json }), 422, 'validation-failed', pointers),
    );

    it('takes texts up to their limits', async () => {
      const json = { designation: 'x'.repeat(10_000), description: 'livre '.repeat(33_333) };
      expect((await send({ json })).status).toBe(200);
    });

    it.each([
      ['an array', [{ designation: 'livre' }]],
      ['a text', 'livre'],
      ['a number', 7],
    ])('%s for a body', (_name, json) =>
      expectProblem(() => send({ json }), 422, 'validation-failed', ['#']),
    );

    it('unknown in a form', () =>
      expectProblem(
        () => send({ body: formOf({ designation: 'livre', colour: 'red' }) }),
        422,
        'validation-failed',
        ['#/colour'],
      ));

    it('unknown in the query', () =>
      expectProblem(() => send({ json: { designation: 'livre' } }, '?colour=red'), 422, 'validation-failed', [
        '#/colour',
      ]));

    it('twice in a form', () => {
      const form = formOf({ designation: 'livre' });
      form.append('designation', 'jeu');
      return expectProblem(() => send({ body: form }), 422, 'validation-failed', ['#/designation']);
    });

    it('twice in the query', () =>
      expectProblem(() => send({}, '?designation=livre&designation=jeu'), 422, 'validation-failed', [
        '#/designation',
      ]));

    it('in the query and in the body', () =>
      expectProblem(
        () => send({ json: { designation: 'livre' } }, '?designation=jeu'),
        422,
        'validation-failed',
        ['#/designation'],
      ));

    it('an image as a text of a form, or in the query', async () => {
      await expectProblem(() => send({ body: formOf({ image: 'abcd' }) }), 422, 'validation-failed', [
        '#/image',
      ]);
      await expectProblem(() => send({}, '?image=abcd'), 422, 'validation-failed', ['#/image']);
    });

    it('too long a text in a form', () =>
      expectProblem(
        () => send({ body: formOf({ description: 'x'.repeat(1.5 * MIB) }) }),
        422,
        'validation-failed',
        ['#/description'],
      ));
  });

  describe('images', () => {
    const images: [string, () => Promise<Buffer> | Buffer, number, string][] = [
      ['not an image', () => Buffer.from('hello, this is a text'), 415, 'image-unsupported'],
      ['a GIF', () => photo(red, 'gif'), 415, 'image-unsupported'],
      ['an animated GIF', () => animation('gif'), 415, 'image-unsupported'],
      ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, 'image-unsupported'],
      ['empty', () => Buffer.alloc(0), 422, 'image-invalid'],
      ['truncated', () => jpeg.subarray(0, jpeg.length / 2), 422, 'image-invalid'],
      ['a header alone', () => jpeg.subarray(0, 4), 422, 'image-invalid'],
      ['corrupt', async () => (await photo(red, 'png')).fill(0x55, 60, 90), 422, 'image-invalid'],
      ['an animated WebP', () => animation('webp'), 422, 'image-invalid'],
      ['a decompression bomb', () => bomb, 413, 'image-too-large'],
      ['more than 10 MiB', () => Buffer.concat([jpeg, Buffer.alloc(10 * MIB)]), 413, 'image-too-large'],
    ];

    describe.each(images)('%s', (_name, make, status, code) => {
      it('in a form', async () => {
        const bytes = await make();
        await expectProblem(() => send({ body: formOf({}, bytes) }), status, code);
        await expectProblem(() => send({ body: formOf({ designation: 'livre' }, bytes) }), status, code);
      });

      it('in base64', async () => {
        const image = (await make()).toString('base64');
        await expectProblem(() => send({ json: { image } }), status, code);
      });
    });

    it.each([
      'not base64!',
      'abc*',
      'abcde',
      'data:image/png;base64,%%%',
      'data:image/png,plain',
      'YQ==YQ==',
    ])('bad base64: %s', (image) =>
      expectProblem(() => send({ json: { image } }), 422, 'validation-failed', ['#/image']),
    );

    it('more than the whole body may have', () =>
      expectProblem(() => send({ json: { image: 'A'.repeat(30 * MIB) } }), 413, 'payload-too-large'));

    it('takes exactly 10 MiB', async () => {
      const bytes = Buffer.concat([jpeg, Buffer.alloc(10 * MIB - jpeg.length)]);
      expect((await send({ body: formOf({}, bytes) })).status).toBe(200);
      expect((await send({ json: { image: bytes.toString('base64') } })).status).toBe(200);
    });

    it('two of them', () => {
      const form = formOf({}, jpeg);
      form.append('image', new Blob([new Uint8Array(jpeg)]), 'second');
      return expectProblem(() => send({ body: form }), 422, 'validation-failed', ['#/image']);
    });

    it('under another name', () => {
      const form = formOf({ designation: 'livre' });
      form.append('photo', new Blob([new Uint8Array(jpeg)]), 'photo.jpg');
      return expectProblem(() => send({ body: form }), 422, 'validation-failed', ['#/photo']);
    });
  });

  describe('bodies', () => {
    const json = { 'content-type': 'application/json' };

    it.each(['{', '{"designation": }', 'nonsense', '{"a":1}}', ''])('invalid JSON: %j', (body) =>
      expectProblem(() => send({ body, headers: json }), 400, 'invalid-json'),
    );

    it('a prototype in JSON', () =>
      expectProblem(
        () => send({ body: '{"__proto__":{"isAdmin":true},"designation":"x"}', headers: json }),
        400,
        'invalid-json',
      ));

    it.each([
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/x-ndjson',
      'image/jpeg',
    ])('of type %s', (type) =>
      expectProblem(
        () => send({ body: 'designation=livre', headers: { 'content-type': type } }),
        415,
        'unsupported-media-type',
      ),
    );

    const boundary = 'xyz';
    const multipart = { 'content-type': `multipart/form-data; boundary=${boundary}` };
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="designation"\r\n\r\nlivre`;
    it.each([
      ['cut off in a field', head],
      ['cut off in a header', `--${boundary}\r\nContent-Disp`],
      [
        'cut off in a file',
        `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc`,
      ],
      ['without any part', 'just some bytes'],
      ['with another boundary', head.replaceAll(boundary, 'other')],
    ])('a form %s', (_name, body) =>
      expectProblem(() => send({ body, headers: multipart }), 400, 'bad-request'),
    );

    it('a form without a boundary', () =>
      expectProblem(
        () => send({ body: head, headers: { 'content-type': 'multipart/form-data' } }),
        400,
        'bad-request',
      ));

    it('a form of very many fields', () => {
      const fields = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, 'x']));
      return expectProblem(() => send({ body: formOf(fields) }), 413, 'payload-too-large');
    });
  });

  it.each([
    ['no token', null],
    ['a forged token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'],
  ])('is refused with %s', async (_name, token) => {
    const response = await test.client
      .withToken(token)
      .send('POST', path, { json: { designation: 'livre' } });
    expect({ status: response.status, code: response.body.code }).toEqual({
      status: 401,
      code: 'unauthorized',
    });
  });

  it.each(['GET', 'PUT', 'DELETE'])('%s is not there', async (method) => {
    expect((await user.send(method, path)).status).toBeGreaterThanOrEqual(404);
  });

  it('survives clients that hang up in the middle of an upload, and leaves no file behind', async () => {
    const before = new Set(await readdir(tmpdir()));
    const { port } = new URL(test.url);
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\nContent-Length: 1000000\r\n` +
            'Content-Type: multipart/form-data; boundary=b\r\n\r\n' +
            '--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n' +
            'x'.repeat(10_000),
        );
        await new Promise((resolve) => setTimeout(resolve, 30));
        socket.destroy();
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    // Every place that these uploads took is free again.
    for (let i = 0; i < 70; i++) expect((await send({ body: formOf({}, jpeg) })).status).toBe(200);
    const after = (await readdir(tmpdir())).filter(
      (name) => !before.has(name) && !name.startsWith('vitrine-'),
    );
    expect(after).toEqual([]);
  });

  it('refuses photos beyond what it can hold, and says when to come again', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => send({ body: formOf({}, jpeg) })));
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { status, body, headers } of refused) {
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'overloaded' });
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(answers.length - refused.length).toBeGreaterThan(50);
    expect((await send({ body: formOf({}, jpeg) })).status).toBe(200);
  });
});
