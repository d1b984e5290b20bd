import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/test-app.js';
import { ADMIN_EMAIL, ADMIN_PASSWORD, createTestApp } from '../support/test-app.js';

interface UserBody {
  id: string;
  email: string;
  full_name: string | null;
  is_active: boolean;
  is_admin: boolean;
}

const USERS = '/api/v1/users';
const ME = `${USERS}/me`;
const PASSWORD = 'a password of eight';

describe('users', () => {
  let test: TestApp;
  let admin: ApiClient;
  let adminId: string;
  beforeAll(async () => {
    test = await createTestApp({ env: { AUTH_USER_CACHE_MS: '60000', LOGIN_RATE_LIMIT_ATTEMPTS: '1000' } });
    admin = await test.admin();
    adminId = (await admin.get<UserBody>(ME)).body.id;
  });
  afterAll(() => test.close());

  const create = async (email: string, more: object = {}): Promise<UserBody> =>
    (await admin.send<UserBody>('POST', USERS, { json: { email, password: PASSWORD, ...more } })).body;

  it('are created, shown, changed and deleted by an administrator', async () => {
    const created = await admin.send<UserBody>('POST', USERS, {
      json: { email: ' Ada@Example.org ', password: PASSWORD, full_name: 'Ada Lovelace' },
    });
    expect(created).toMatchObject({
      status: 201,
      body: { email: 'ada@example.org', full_name: 'Ada Lovelace', is_active: true, is_admin: false },
    });
    const path = `${USERS}/${created.body.id}`;

    expect((await admin.get(path)).body).toEqual(created.body);
    expect(await admin.send('PATCH', path, { json: { full_name: null } })).toMatchObject({
      status: 200,
      body: { full_name: null },
    });
    expect(await admin.send('PUT', path, { json: { is_admin: true } })).toMatchObject({
      status: 200,
      body: { is_admin: true },
    });
    expect((await admin.send('DELETE', path)).status).toBe(204);
    expect(await admin.get(path)).toMatchObject({ status: 404, body: { code: 'user-not-found' } });
    expect((await admin.send('DELETE', path)).status).toBe(404);
  });

  it('are listed in pages', async () => {
    for (const index of [1, 2, 3]) await create(`page-${index}@example.org`);
    const { body } = await admin.get<{ total: number; items: UserBody[] }>(`${USERS}?limit=200`);
    const second = await admin.get<{ items: UserBody[] }>(`${USERS}?offset=1&limit=2`);

    expect(body.items).toHaveLength(body.total);
    expect(body.items[0]!.email).toBe(ADMIN_EMAIL);
    expect(second.body).toEqual({ items: body.items.slice(1, 3), total: body.total, offset: 1, limit: 2 });
  });

  it.each([
    'limit=0',
    'limit=-1',
    'limit=1.5',
    'limit=abc',
    'limit=201',
    'offset=-1',
    'sort=email',
    'limit=1&limit=2',
  ])('refuses to list with %s', async (query) => {
    const { status, body } = await admin.get<{ errors: { pointer: string }[] }>(`${USERS}?${query}`);

    expect(status).toBe(422);
    expect(body.errors[0]!.pointer).toBe(`#/${query.split('=', 1)[0]!}`);
  });

  it('have each an e-mail address of their own, whatever its case', async () => {
    await create('twice@example.org');
    const again = await admin.send('POST', USERS, {
      json: { email: 'TWICE@example.org', password: PASSWORD },
    });
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'email-taken', errors: [{ pointer: '#/email' }] },
    });

    const other = await create('other@example.org');
    const renamed = await admin.send('PATCH', `${USERS}/${other.id}`, {
      json: { email: 'twice@example.org' },
    });
    expect(renamed).toMatchObject({ status: 409, body: { code: 'email-taken' } });

    const racers = await Promise.all(
      Array.from({ length: 4 }, () =>
        admin.send('POST', USERS, { json: { email: 'race@example.org', password: PASSWORD } }),
      ),
    );
    expect(racers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it.each<[string, object, string]>([
    ['an unknown field', { id: randomUUID() }, '#/id'],
    ['a bad address', { email: 'not an address' }, '#/email'],
    ['a short password', { password: 'short' }, '#/password'],
    ['a huge password', { password: 'x'.repeat(10_000) }, '#/password'],
    ['a number for a name', { full_name: 7 }, '#/full_name'],
    ['a NUL in a name', { full_name: 'a\u0000b' }, '#/full_name'],
    ['a text for a flag', { is_admin: 'yes' }, '#/is_admin'],
    ['null for a flag', { is_active: null }, '#/is_active'],
  ])('are not created with %s', async (_what, change, pointer) => {
    const json = { email: 'new@example.org', password: PASSWORD, ...change };
    const { status, body } = await admin.send<{ errors: { pointer: string }[] }>('POST', USERS, { json });

    expect(status).toBe(422);
    expect(body.errors.map((error) => error.pointer)).toContain(pointer);
  });

  it('keep what one person never asked: names in any script', async () => {
    const { full_name } = await create('names@example.org', { full_name: 'שלום 👩‍🔧 Đặng' });
    expect(full_name).toBe('שלום 👩‍🔧 Đặng');
  });

  it('cannot read, list, change or delete each other', async () => {
    const mallory = await test.user('mallory@example.org');
    const victim = await create('victim@example.org');
    const answers = await Promise.all([
      mallory.get(USERS),
      mallory.get(`${USERS}/${victim.id}`),
      mallory.get(`${USERS}/${adminId}`),
      mallory.send('POST', USERS, {
        json: { email: 'mine@example.org', password: PASSWORD, is_admin: true },
      }),
      mallory.send('PATCH', `${USERS}/${victim.id}`, { json: { password: 'taken over now' } }),
      mallory.send('PUT', `${USERS}/${victim.id}`, { json: { email: 'evil@example.org' } }),
      mallory.send('DELETE', `${USERS}/${victim.id}`),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403]);
    expect((await admin.get(`${USERS}/${victim.id}`)).body).toEqual(victim);
    // Nor make themselves administrators.
    expect((await mallory.send('PATCH', ME, { json: { is_admin: true } })).status).toBe(422);
    expect((await test.client.get(USERS)).status).toBe(401);
  });

  describe('me', () => {
    it.each(['PUT', 'PATCH'])(
      'changes e-mail address or password with %s, the present password given',
      async (method) => {
        const email = `me-${method.toLowerCase()}@example.org`;
        const me = await test.user(email);

        for (const change of [{ password: 'another password' }, { email: 'other-me@example.org' }]) {
          for (const current of [{}, { current_password: 'wrong one' }]) {
            expect(await me.send(method, ME, { json: { ...change, ...current } })).toMatchObject({
              status: 422,
              body: { code: 'password-incorrect', errors: [{ pointer: '#/current_password' }] },
            });
          }
        }
        expect(
          await me.send(method, ME, { json: { email: `new-${email}`, current_password: PASSWORD } }),
        ).toMatchObject({
          status: 200,
          body: { email: `new-${email}` },
        });
        const changed = await me.send(method, ME, {
          json: { password: 'another password', current_password: PASSWORD },
        });
        expect(changed.status).toBe(200);

        expect((await me.get(ME)).status).toBe(401); // the token is of the older password
        await expect(test.client.login(`new-${email}`, PASSWORD)).rejects.toThrow();
        const again = await test.client.login(`new-${email}`, 'another password');
        expect((await again.get(ME)).status).toBe(200);
      },
    );

    it('changes the name without the password', async () => {
      const me = await test.user('named@example.org');
      expect(await me.send('PATCH', ME, { json: { full_name: 'Grace' } })).toMatchObject({
        status: 200,
        body: { full_name: 'Grace' },
      });
    });

    it('does not take the address of another', async () => {
      const me = await test.user('greedy@example.org');
      const json = { email: ADMIN_EMAIL, current_password: PASSWORD };
      expect(await me.send('PATCH', ME, { json })).toMatchObject({
        status: 409,
        body: { code: 'email-taken' },
      });
    });
  });

  it('always have an active administrator: not oneself, not the last', async () => {
    const path = `${USERS}/${adminId}`;
    for (const [method, json] of [
      ['DELETE', undefined],
      ['PATCH', { is_active: false }],
      ['PUT', { is_admin: false }],
    ] as const) {
      expect(await admin.send(method, path, { json })).toMatchObject({
        status: 409,
        body: { code: 'own-account' },
      });
    }
    // Two administrators remove each other at the same moment: one of them remains.
    for (const { id } of await test.database.query<{ id: string }>(
      'SELECT id FROM users WHERE is_admin AND id <> $1',
      [adminId],
    )) {
      await admin.send('DELETE', `${USERS}/${id}`);
    }
    const second = await test.user('second-admin@example.org', { isAdmin: true });
    const secondId = (await second.get<UserBody>(ME)).body.id;
    const answers = await Promise.all([
      admin.send('PATCH', `${USERS}/${secondId}`, { json: { is_admin: false } }),
      second.send('PATCH', path, { json: { is_admin: false } }),
    ]);
    const [{ count }] = (await test.database.query<{ count: string }>(
      'SELECT count(*) FROM users WHERE is_admin AND is_active',
    )) as [{ count: string }];

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(count).toBe('1');
  });

  it.each(['nonsense', '1', "'; DROP TABLE users; --"])('are not found by %j', async (id) => {
    const fresh = await test.user(`finder-${randomUUID()}@example.org`, { isAdmin: true }).catch(() => admin);
    const { status } = await fresh.get(`${USERS}/${encodeURIComponent(id)}`);
    expect([403, 422]).toContain(status);
  });

  it('keep the first administrator as it is at later starts', async () => {
    const again = await createTestApp({
      databaseUrl: test.database.url,
      env: { FIRST_ADMINUSER_PASSWORD: 'a changed password' },
    });
    const before = await test.database.query('SELECT * FROM users WHERE email = $1', [ADMIN_EMAIL]);
    await expect(again.client.login(ADMIN_EMAIL, 'a changed password')).rejects.toThrow();
    await expect(again.client.login(ADMIN_EMAIL, ADMIN_PASSWORD)).resolves.toBeDefined();
    await again.close();

    expect(await test.database.query('SELECT * FROM users WHERE email = $1', [ADMIN_EMAIL])).toEqual(before);
  });
});
