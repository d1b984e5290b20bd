import { createHmac, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { createLogger } from '../../src/common/http/logging.js';
import type { ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/test-app.js';
import { ADMIN_EMAIL, ADMIN_PASSWORD, createTestApp, SECRET_KEY } from '../support/test-app.js';

const LOGIN = '/api/v1/login/access-token';
const TEST_TOKEN = '/api/v1/login/test-token';

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A JWT by hand, so that nothing of the code under test takes part. */
function forge(claims: object, { key = SECRET_KEY, alg = 'HS256', hash = 'sha256' } = {}): string {
  const content = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${alg === 'none' ? '' : createHmac(hash, key).update(content).digest('base64url')}`;
}

describe('authentication', () => {
  let test: TestApp;
  let admin: ApiClient;
  let adminId: string;
  const logged: string[] = [];
  const now = Math.floor(Date.now() / 1000);
  const claims = (): Record<string, unknown> => ({
    sub: adminId,
    ver: 0,
    iat: now,
    exp: now + 600,
    iss: 'vitrine',
    aud: 'vitrine-api',
  });

  beforeAll(async () => {
    const sink = new Writable({
      write: (chunk, _encoding, done) => void (logged.push(String(chunk)), done()),
    });
    test = await createTestApp({
      env: {
        LOGIN_RATE_LIMIT_ATTEMPTS: '4',
        LOGIN_RATE_LIMIT_ATTEMPTS_PER_ADDRESS: '1000',
        LOGIN_RATE_LIMIT_WINDOW_SECONDS: '60',
      },
      logger: createLogger('trace', { destination: sink }),
    });
    admin = await test.admin();
    adminId = (await admin.get<{ id: string }>('/api/v1/users/me')).body.id;
  });
  afterAll(() => test.close());

  it.each([
    ['a form', { form: { username: ADMIN_EMAIL, password: ADMIN_PASSWORD } }],
    [
      'a form as OAuth 2 clients send it',
      { form: { grant_type: 'password', username: ADMIN_EMAIL, password: ADMIN_PASSWORD, scope: '' } },
    ],
    ['JSON', { json: { username: ADMIN_EMAIL.toUpperCase(), password: ADMIN_PASSWORD } }],
  ])('gives a token for %s', async (_what, request) => {
    const { status, body } = await test.client.send<{ access_token: string; token_type: string }>(
      'POST',
      LOGIN,
      request,
    );

    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['access_token', 'token_type']);
    expect(body.token_type).toBe('bearer');
    const me = await test.client.withToken(body.access_token).send('POST', TEST_TOKEN);
    expect(me).toMatchObject({ status: 200, body: { email: ADMIN_EMAIL, is_admin: true } });
    expect(JSON.stringify(me.body)).not.toMatch(/password|argon/);
  });

  it('answers a wrong password and an unknown user alike', async () => {
    const answers = await Promise.all(
      [ADMIN_EMAIL, 'nobody@example.org'].map((username) =>
        test.client.send('POST', LOGIN, { form: { username, password: 'wrong' } }),
      ),
    );
    const [known, unknown] = answers.map(({ status, body }) => ({ status, ...body, traceId: null }));

    expect(known).toEqual(unknown);
    expect(known).toMatchObject({ status: 401, code: 'credentials-incorrect' });
    expect(answers[0]!.headers.get('content-type')).toContain('application/problem+json');
  });

  it('takes as long for an unknown user as for a wrong password', async () => {
    const time = async (username: string): Promise<number> => {
      const start = performance.now();
      await test.client.send('POST', LOGIN, { form: { username, password: 'wrong' } });
      return performance.now() - start;
    };
    await test.user('timed@example.org');
    await time('warm-up@example.org');
    const known = Math.min(await time('timed@example.org'), await time('timed@example.org'));
    const unknown = Math.min(await time('gone-1@example.org'), await time('gone-2@example.org'));

    expect(unknown).toBeGreaterThan(known / 3);
  });

  it.each<[string, () => string]>([
    ['no token', () => ''],
    ['something else', () => 'not.a.token'],
    ['an expired token', () => forge({ ...claims(), iat: now - 700, exp: now - 100 })],
    ['another key', () => forge(claims(), { key: 'another key, as long as the one of the tests' })],
    ['alg none', () => forge(claims(), { alg: 'none' })],
    ['another algorithm', () => forge(claims(), { alg: 'HS512', hash: 'sha512' })],
    [
      'a changed payload',
      () => admin.token!.replace(/\.[^.]+\./, `.${encode({ ...claims(), ver: 0, admin: true })}.`),
    ],
    ['another issuer', () => forge({ ...claims(), iss: 'elsewhere' })],
    ['another audience', () => forge({ ...claims(), aud: 'elsewhere' })],
    ['no expiry', () => forge({ ...claims(), exp: undefined })],
    ['a user that does not exist', () => forge({ ...claims(), sub: randomUUID() })],
    ['a subject that is no id', () => forge({ ...claims(), sub: "' OR 1=1 --" })],
    ['an older password', () => forge({ ...claims(), ver: -1 })],
  ])('refuses %s', async (_what, makeToken) => {
    const response = await test.client.withToken(makeToken()).get('/api/v1/users/me');

    expect(response).toMatchObject({ status: 401, body: { code: 'unauthorized', status: 401 } });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('accepts a token made as ours are: the refusals above are for what they say', async () => {
    expect((await test.client.withToken(forge(claims())).get('/api/v1/users/me')).status).toBe(200);
  });

  it.each(['Basic YWRtaW46YWRtaW4=', 'Bearer', 'Bearer a b', 'bearer\u00a0x'])(
    'refuses the header %j',
    async (authorization) => {
      const { status } = await test.client.send('GET', '/api/v1/users/me', { headers: { authorization } });
      expect(status).toBe(401);
    },
  );

  it('ends the tokens of a deactivated user at once, and refuses the login', async () => {
    const user = await test.user('leaver@example.org');
    const { id } = (await user.get<{ id: string }>('/api/v1/users/me')).body;
    await admin.send('PATCH', `/api/v1/users/${id}`, { json: { is_active: false } });

    expect((await user.get('/api/v1/users/me')).status).toBe(401);
    const login = await test.client.send('POST', LOGIN, {
      form: { username: 'leaver@example.org', password: 'a password of eight' },
    });
    expect(login).toMatchObject({ status: 401, body: { code: 'credentials-incorrect' } });
  });

  it('ends the tokens of a deleted user at once', async () => {
    const user = await test.user('deleted@example.org');
    const { id } = (await user.get<{ id: string }>('/api/v1/users/me')).body;
    expect((await admin.send('DELETE', `/api/v1/users/${id}`)).status).toBe(204);

    expect((await user.get('/api/v1/users/me')).status).toBe(401);
  });

  it('stops a flood of guesses, also in parallel, for that user alone, and says when to come back', async () => {
    await test.user('target@example.org');
    const guess = (password: string): Promise<{ status: number; headers: Headers }> =>
      test.client.send('POST', LOGIN, { form: { username: 'target@example.org', password } });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => guess(`guess ${index}`)));
    const refused = answers.filter(({ status }) => status === 429);

    expect(answers.filter(({ status }) => status === 401)).toHaveLength(4);
    expect(refused).toHaveLength(8);
    const retryAfter = Number(refused[0]!.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect((await guess('a password of eight')).status).toBe(429);
    await expect(test.admin()).resolves.toBeDefined();
  });

  it('does not count logins that succeed', async () => {
    await test.user('regular@example.org');
    for (let login = 0; login < 8; login += 1) {
      await test.client.login('regular@example.org', 'a password of eight');
    }
  });

  it.each<[string, object, number, string]>([
    ['no credentials', { form: {} }, 422, 'validation-failed'],
    ['an unknown field', { json: { username: 'a', password: 'b', admin: true } }, 422, 'validation-failed'],
    ['a list', { json: [] }, 422, 'validation-failed'],
    ['objects for texts', { json: { username: { $ne: null }, password: ['x'] } }, 422, 'validation-failed'],
    ['a NUL in the user name', { json: { username: 'a\u0000b', password: 'x' } }, 422, 'validation-failed'],
    [
      'a very long password',
      { json: { username: 'a', password: 'x'.repeat(100_000) } },
      422,
      'validation-failed',
    ],
    [
      'invalid JSON',
      { body: '{"username":', headers: { 'content-type': 'application/json' } },
      400,
      'invalid-json',
    ],
    [
      'another type',
      { body: '<login/>', headers: { 'content-type': 'application/xml' } },
      415,
      'unsupported-media-type',
    ],
    [
      'plain text',
      { body: 'admin', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported-media-type',
    ],
  ])('refuses %s', async (_what, request, status, code) => {
    expect(await test.client.send('POST', LOGIN, request)).toMatchObject({ status, body: { code } });
  });

  it('logs no password and no token', () => {
    const log = logged.join('');

    expect(log).toContain('The first administrator was created');
    expect(log).not.toContain(ADMIN_PASSWORD);
    expect(log).not.toContain(admin.token);
    expect(log).not.toMatch(/a password of eight|argon2id\$/);
  });
});
