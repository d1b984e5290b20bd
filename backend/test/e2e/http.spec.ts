import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createApp } from '../../src/app.factory.js';
import { createLogger } from '../../src/common/http/logging.js';
import { buildConfig } from '../../src/config/build-config.js';
import type { ApiClient, ApiResponse } from '../support/api-client.js';
import { ApiClient as Client } from '../support/api-client.js';
import type { TestApp } from '../support/test-app.js';
import { createTestApp } from '../support/test-app.js';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Sends bytes as they are and returns all that comes back. */
function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += chunk.toString())).on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(5_000, () => socket.destroy());
  });
}

describe('the HTTP server', () => {
  let test: TestApp;
  let admin: ApiClient;
  const logged: string[] = [];
  beforeAll(async () => {
    const sink = new Writable({
      write: (chunk, _encoding, done) => void (logged.push(String(chunk)), done()),
    });
    test = await createTestApp({
      env: { CORS_ORIGINS: 'https://shop.example', REQUEST_BODY_MAX_BYTES: '10000' },
      logger: createLogger('error', { destination: sink }),
    });
    admin = await test.admin();
  });
  afterAll(() => test.close());

  const post = (request: object): Promise<ApiResponse> => admin.send('POST', '/api/v1/users', request);

  it.each<[string, object, number, string]>([
    ['invalid JSON', { body: '{"email": ', headers: JSON_HEADERS }, 400, 'invalid-json'],
    ['an empty JSON body', { body: '', headers: JSON_HEADERS }, 400, 'invalid-json'],
    [
      'a poisoned prototype',
      { body: '{"__proto__": {"is_admin": true}}', headers: JSON_HEADERS },
      400,
      'invalid-json',
    ],
    ['no body', {}, 422, 'validation-failed'],
    ['null', { body: 'null', headers: JSON_HEADERS }, 422, 'validation-failed'],
    ['a text', { body: '"x"', headers: JSON_HEADERS }, 422, 'validation-failed'],
    ['a list', { json: [1, 2] }, 422, 'validation-failed'],
    ['a form', { form: { email: 'a@example.org' } }, 415, 'unsupported-media-type'],
    [
      'a type that is none',
      { body: 'x', headers: { 'content-type': 'nonsense' } },
      415,
      'unsupported-media-type',
    ],
    ['multipart', { body: new FormData() }, 415, 'unsupported-media-type'],
    ['too many bytes', { json: { email: 'x'.repeat(20_000) } }, 413, 'payload-too-large'],
  ])('answers %s with a problem', async (_what, request, status, code) => {
    const response = await post(request);

    expect(response).toMatchObject({
      status,
      body: { status, code, type: `/problems/${code}`, instance: '/api/v1/users' },
    });
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.body.traceId).toBe(response.headers.get('x-request-id'));
  });

  it('describes each problem where its type leads', async () => {
    const { body } = await test.client.get('/api/v1/nowhere?secret=1');
    expect(body).toMatchObject({ code: 'not-found', instance: '/api/v1/nowhere' });
    expect((await test.client.get(String(body.type))).body).toEqual({
      type: '/problems/not-found',
      code: 'not-found',
      status: 404,
      title: body.title,
    });
    expect((await test.client.get('/problems/constructor')).status).toBe(404);
  });

  it.each([
    ['DELETE', '/api/v1/login/access-token'],
    ['GET', '/nowhere'],
    ['POST', '/'],
    ['GET', '/api/v1/users/..%2f..%2fetc'],
  ])('does not know %s %s', async (method, path) => {
    const { status, body } = await test.client.send(method, path);
    expect([401, 404]).toContain(status);
    expect(body).toHaveProperty('code');
  });

  it('answers a path that cannot be decoded, and what is no HTTP', async () => {
    expect(
      await sendRaw(test.url, 'GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1.1 400 [^]*problem\+json[^]*"code":"bad-request"/);
    expect(await sendRaw(test.url, 'HELLO\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 [^]*problem\+json[^]*"code":"bad-request"/,
    );
    const header = `x-long: ${'x'.repeat(40_000)}`;
    expect(await sendRaw(test.url, `GET / HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [^]*"code":"headers-too-large"/,
    );
  });

  it('takes over the trace or request id of its caller where it is harmless', async () => {
    const idOf = async (headers: Record<string, string>): Promise<string | null> =>
      (await test.client.send('GET', '/api/v1/', { headers })).headers.get('x-request-id');

    expect(await idOf({ traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` })).toBe('ab'.repeat(16));
    expect(await idOf({ 'x-request-id': 'order-12345' })).toBe('order-12345');
    expect(await idOf({ 'x-request-id': '"}{ forged' })).toMatch(/^[\da-f]{32}$/);
    expect(await idOf({})).toMatch(/^[\da-f]{32}$/);
  });

  it('tells nothing of its insides where something breaks, but logs it by its trace id', async () => {
    await test.database.query('ALTER TABLE users RENAME COLUMN full_name TO broken');
    try {
      const { status, body } = await admin.get('/api/v1/users');

      expect(status).toBe(500);
      expect(Object.keys(body).sort()).toEqual(['code', 'instance', 'status', 'title', 'traceId', 'type']);
      expect(JSON.stringify(body)).not.toMatch(/full_name|column|select/i);
      expect(logged.join('')).toContain(String(body.traceId));
      expect(logged.join('')).toContain('full_name');
    } finally {
      await test.database.query('ALTER TABLE users RENAME COLUMN broken TO full_name');
    }
  });

  it('lets named origins alone call it from a browser, and asks no page to upgrade to https', async () => {
    const allow = async (origin: string): Promise<string | null> =>
      (await test.client.send('GET', '/api/v1/', { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );

    expect(await allow('https://shop.example')).toBe('https://shop.example');
    expect(await allow('https://evil.example')).toBeNull();
    const { headers } = await test.client.get('/api/v1/');
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('shows its documentation, which describes every route with its problems', async () => {
    expect((await test.client.get('/docs')).status).toBe(200);
    const { body } = await test.client.get<{
      paths: Record<
        string,
        Record<string, { summary?: string; responses: Record<string, unknown>; security?: unknown }>
      >;
    }>('/docs-json');
    const operations = Object.values(body.paths).flatMap((path) => Object.values(path));

    expect(operations.length).toBeGreaterThan(14);
    for (const operation of operations) {
      expect(operation.summary).toMatch(/\.$/);
      expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
      expect(operation.responses).toHaveProperty('default');
      if (operation.security) expect(operation.responses).toHaveProperty('401');
    }
  });

  it('leads from / to the documentation where no web app is built', async () => {
    const { status, headers } = await test.client.get('/');
    expect([status, headers.get('location')]).toEqual([302, '/docs']);
  });

  it('serves the web app where it is built, its own addresses included', async () => {
    const root = mkdtempSync(join(tmpdir(), 'vitrine-web-'));
    mkdirSync(join(root, 'frontend', 'dist', 'assets'), { recursive: true });
    writeFileSync(join(root, 'frontend', 'dist', 'index.html'), '<title>Vitrine</title>');
    writeFileSync(join(root, 'frontend', 'dist', 'assets', 'app-1a2b.js'), 'export {}');
    const config = buildConfig(
      { DATABASE_URL: test.database.url, LOG_LEVEL: 'silent', MODELS_REFRESH_INTERVAL_MS: '0' },
      root,
    );
    const app = await createApp({ config });
    try {
      await app.listen(0, '127.0.0.1');
      const web = new Client(await app.getUrl());
      const page = { headers: { accept: 'text/html' } };

      for (const path of ['/', '/feedback/new']) {
        expect(await web.send('GET', path, page)).toMatchObject({
          status: 200,
          body: '<title>Vitrine</title>',
        });
      }
      const asset = await web.get('/assets/app-1a2b.js');
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(await web.send('GET', '/api/v1/nowhere', page)).toMatchObject({
        status: 404,
        body: { code: 'not-found' },
      });
      expect(await web.get('/assets/gone.js')).toMatchObject({ status: 404, body: { code: 'not-found' } });
      expect((await web.get('/..%2f..%2fpackage.json')).status).toBeGreaterThanOrEqual(400);
    } finally {
      await app.close();
      rmSync(root, { recursive: true, force: true });
    }
  });
});
