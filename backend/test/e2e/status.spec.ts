import type { TestApp } from '../support/test-app.js';
import { createTestApp } from '../support/test-app.js';

describe('status', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await createTestApp({ env: { PROJECT_NAME: 'Shelf' } });
  });
  afterAll(() => test.close());

  it.each(['/api/v1/', '/api/v1'])('says on %s that the API is online, as a JSON string', async (path) => {
    const response = await test.client.get<string>(path);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.body).toBe('API Shelf is online!');
  });
});
