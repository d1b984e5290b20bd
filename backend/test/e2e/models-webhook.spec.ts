import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createModelApp, type ModelApp } from '../fixtures/model-app.js';

const SECRET = 'a secret for tests';
const PATH = '/api/v1/models/webhook';

describe('/models/webhook', () => {
  let test: ModelApp;

  beforeAll(async () => {
    test = await createModelApp(['text'], { env: { MLFLOW_WEBHOOK_SECRET: SECRET } });
    const { runId } = await test.registry.store.getVersion('text', 1);
    const input = { name: 'text', runId: runId!, artifactPath: 'model' };
    for (let i = 0; i < 3; i++) await test.registry.store.createVersion(input);
  });
  afterAll(() => test.close());

  /** As MLflow writes it: with spaces, which a parser does not keep. */
  const moved = (name: string, version: number) =>
    `{"entity": "model_version_alias", "action": "created", "timestamp": "2026-01-01T00:00:00+00:00", ` +
    `"data": {"name": "${name}", "alias": "production", "version": "${version}"}}`;
  const sign = (body: string, id: string = randomUUID(), seconds = Math.floor(Date.now() / 1000)) => ({
    'content-type': 'application/json',
    'x-mlflow-delivery-id': id,
    'x-mlflow-timestamp': String(seconds),
    'x-mlflow-signature': `v1,${createHmac('sha256', SECRET).update(`${id}.${seconds}.${body}`).digest('base64')}`,
  });
  const deliver = async (body: string, headers: Record<string, string> = sign(body)) =>
    (await test.client.send('POST', PATH, { body, headers })).status;
  const move = (version: number) => test.registry.store.setAlias('text', 'production', version);
  const version = () => test.host.current('text')?.version;

  async function waitForVersion(expected: number): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (version() !== expected && Date.now() < deadline) await wait(10);
    expect(version()).toBe(expected);
  }

  it('follows an alias as soon as it has moved, and has it on record', async () => {
    await move(2);
    expect(await deliver(moved('text', 2))).toBe(202);
    await waitForVersion(2);
    const admin = await test.admin();
    const { body } = await admin.get<{ items: unknown[] }>('/api/v1/models/text/history');
    expect(body.items[0]).toMatchObject({ from_version: 1, to_version: 2, source: 'direct' });
  });

  it('takes other events, and those of other models, without effect', async () => {
    await move(3);
    expect(await deliver(moved('other', 3))).toBe(202);
    expect(await deliver('{"entity": "model_version", "action": "created", "data": {"name": "text"}}')).toBe(
      202,
    );
    for (const body of ['{}', '[]', '{"entity": "model_version_alias", "data": null}']) {
      expect(await deliver(body)).toBe(202);
    }
    await wait(100);
    expect(version()).toBe(2);
  });

  it('takes a delivery that comes again without effect', async () => {
    const body = moved('text', 3);
    const headers = sign(body);
    expect(await deliver(body, headers)).toBe(202);
    await waitForVersion(3);
    await move(4);
    expect(await deliver(body, headers)).toBe(202);
    await wait(100);
    expect(version()).toBe(3);
  });

  it('refuses what is not signed, signed otherwise, changed or old', async () => {
    const body = moved('text', 4);
    expect(await deliver(body, { 'content-type': 'application/json' })).toBe(401);
    expect(await deliver(body, { ...sign(body), 'x-mlflow-signature': 'v1,AAAA' })).toBe(401);
    expect(await deliver(body, sign(`${body} `))).toBe(401);
    expect(await deliver(body, sign(body, 'id', Math.floor(Date.now() / 1000) - 301))).toBe(401);
    expect(version()).toBe(3);
  });

  it('takes JSON only, and no large body', async () => {
    expect(await deliver('x', { ...sign('x'), 'content-type': 'text/plain' })).toBe(415);
    expect(await deliver('{', sign('{'))).toBe(400);
    const large = JSON.stringify('x'.repeat(3 * 1024 * 1024));
    expect(await deliver(large)).toBe(413);
  });
});

describe('/models/webhook without a secret', () => {
  it('does not exist', async () => {
    const test = await createModelApp([]);
    try {
      const { status } = await test.client.send('POST', PATH, { json: {} });
      expect(status).toBe(404);
    } finally {
      await test.close();
    }
  });
});
