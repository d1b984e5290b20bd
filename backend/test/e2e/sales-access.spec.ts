import { createTestApp, type TestApp } from '../support/test-app.js';

const routes = [
  ['POST', '/post_sales'],
  ['GET', '/get_raw_sales'],
  ['GET', '/get_monthly_sales'],
  ['POST', '/init_database'],
  ['GET', '/init_db'],
] as const;
const places = (path: string) => [path, `${path}/`, `/api/v1${path}`, `/api/v1${path}/`];
const bodyOf = (method: string) => (method === 'POST' ? { json: [] } : {});

describe('who may use sales', () => {
  describe('in development', () => {
    let app: TestApp;
    beforeAll(async () => (app = await createTestApp({ env: { NODE_ENV: 'development' } })));
    afterAll(() => app?.close());

    it.each(routes)(
      '%s %s answers without a token, at the root and under the prefix, with and without a slash',
      async (method, path) => {
        for (const place of places(path)) {
          expect([place, (await app.client.send(method, place, bodyOf(method))).status]).toEqual([
            place,
            200,
          ]);
        }
      },
    );

    it('draws a picture', async () => {
      const records = Array.from({ length: 30 }, (_, i) => ({
        year_week: 202001 + i,
        vegetable: 'Leek',
        sales: i === 9 ? 900 : 9,
      }));
      await app.client.send('POST', '/post_sales', { json: records });
      const svg = await app.client.send<string>('GET', '/api/v1/sales/chart.svg');
      expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
      expect(svg.body).toMatch(/^<svg[^]*leek[^]*<\/svg>$/);
      expect(svg.body).toContain('#c00');
      const png = await fetch(`${app.url}/api/v1/sales/chart.png?vegetable=leek`);
      expect(png.headers.get('content-type')).toBe('image/png');
      expect(
        Buffer.from(await png.arrayBuffer())
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG');
    });

    it('draws a picture of nothing too', async () => {
      expect((await app.client.get('/api/v1/sales/chart.svg?from=211001')).status).toBe(200);
    });

    it('says what it takes', async () => {
      const wrong = await app.client.send('POST', '/post_sales', {
        body: 'x',
        headers: { 'content-type': 'text/plain' },
      });
      expect(wrong.status).toBe(415);
      expect((await app.client.get('/post_sales')).status).toBe(404);
    });
  });

  describe('in production', () => {
    let app: TestApp;
    beforeAll(
      async () => (app = await createTestApp({ env: { NODE_ENV: 'production', SALES_ANONYMOUS: 'true' } })),
    );
    afterAll(() => app?.close());

    it.each([...routes, ['GET', '/sales/unknown-names'] as const])(
      '%s %s needs a token',
      async (method, path) => {
        for (const place of places(path)) {
          const { status } = await app.client.send(method, place, bodyOf(method));
          expect([401, place.startsWith('/sales') ? 404 : 401]).toContain(status);
        }
      },
    );

    it('lets users post and read, and administrators alone initialise', async () => {
      const user = await app.user('shop@example.org');
      const admin = await app.admin();
      const record = { year_week: 202001, vegetable: 'Leek', sales: 1 };
      expect((await user.send('POST', '/post_sales', { json: [record] })).status).toBe(200);
      expect((await user.get('/get_raw_sales/')).body).toEqual([record]);
      expect((await user.send('POST', '/init_database?reset=true')).status).toBe(403);
      expect((await user.get('/init_db')).status).toBe(403);
      expect((await user.get('/get_raw_sales')).body).toEqual([record]);
      expect((await admin.send('POST', '/init_database')).status).toBe(200);
    });
  });

  it('needs a token where anonymous use is switched off', async () => {
    const app = await createTestApp({ env: { SALES_ANONYMOUS: 'false' } });
    try {
      expect((await app.client.get('/get_raw_sales')).status).toBe(401);
    } finally {
      await app.close();
    }
  });
});
