import { setTimeout as sleep } from 'node:timers/promises';
import { photo, red } from '../fixtures/photos.js';
import { ApiProcess } from '../fixtures/api-process.js';
import { formOf } from '../fixtures/model-app.js';
import { TestRegistry } from '../fixtures/test-registry.js';
import { ApiClient } from '../support/api-client.js';
import { OtelCollector, type ReceivedSpan } from '../support/otel-collector.js';
import { ADMIN_EMAIL, ADMIN_PASSWORD } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const describeWithCollector = OtelCollector.findBinary() === null ? describe.skip : describe;

/** What nobody who reads telemetry may learn. */
const TITLE = 'zweihundertfarbige Dose';
/** Longer than the interval of exports, and than what the collector holds back. */
const EXPORT_MS = 700;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describeWithCollector('telemetry', () => {
  let registry: TestRegistry;
  let database: TestDatabase;

  beforeAll(async () => {
    registry = await TestRegistry.open();
    for (const modality of ['text', 'image', 'fusion'] as const) await registry.publish(modality);
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await database.drop();
    await registry.close();
  });

  describe.each(['http/protobuf', 'grpc'])('over %s', (protocol) => {
    let collector: OtelCollector;
    let token: string;
    let spans: ReceivedSpan[];
    let received: string;

    beforeAll(async () => {
      collector = await OtelCollector.start();
      const env = {
        LOG_LEVEL: 'info',
        DATABASE_URL: database.url,
        REGISTRY_DIR: registry.registryDir,
        MODELS_CACHE_DIR: registry.cacheDir,
        FIRST_ADMINUSER: ADMIN_EMAIL,
        FIRST_ADMINUSER_PASSWORD: ADMIN_PASSWORD,
        OTEL_METRIC_EXPORT_INTERVAL: '500',
        OTEL_METRIC_EXPORT_TIMEOUT: '400',
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl,
      };
      const api = await ApiProcess.create(env, 'ignore');
      await api.start();
      try {
        token = await ask(api.url);
      } finally {
        await sleep(EXPORT_MS);
        await api.stop();
      }
      await sleep(EXPORT_MS);
      spans = await collector.spans();
      received = await collector.everything();
    });

    afterAll(() => collector.close());

    it('names requests by their route, never by their path', () => {
      const names = spans.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['POST /api/v1/predict', 'GET /api/v1/users/:id']));
      expect(names.some((name) => name.includes('/health/'))).toBe(false);
    });

    it.each(['text', 'image', 'fusion'])('shows the stages of a %s prediction', (modality) => {
      const predict = spans.find(({ name }) => name === `predict ${modality}`)!;
      expect(predict.attributes).toMatchObject({
        'vitrine.model.name': modality,
        'vitrine.model.version': '1',
      });
      const trace = spans.filter(({ traceId }) => traceId === predict.traceId);
      expect(trace.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['POST /api/v1/predict', `predict ${modality}`, 'store prediction']),
      );
      const request = trace.find(({ name }) => name === 'POST /api/v1/predict')!;
      expect(predict.parentSpanId).toBe(request.spanId);
    });

    it('goes on with the trace of the caller, also in what a problem says', () => {
      const request = spans.find(({ name, traceId }) => traceId === TRACE && name.startsWith('GET '));
      expect(request?.parentSpanId).toBe('00f067aa0ba902b7');
    });

    it('shows the database below the request', () => {
      const query = spans.find(({ attributes }) => attributes['db.system.name'] === 'postgresql')!;
      expect(spans.some(({ spanId }) => spanId === query.parentSpanId)).toBe(true);
    });

    it('counts', async () => {
      expect([...(await collector.metricNames())]).toEqual(
        expect.arrayContaining([
          'http.server.request.duration',
          'vitrine.predictions',
          'vitrine.prediction.duration',
          'vitrine.prediction.confidence',
          'vitrine.model.readiness',
          'vitrine.feedback.accuracy',
          'vitrine.image.queue',
          'db.client.connection.count',
          'nodejs.eventloop.delay.p99',
          'process.memory.usage',
        ]),
      );
    });

    it('tells of the log', () => {
      expect(received.includes('Listening on ')).toBe(true);
    });

    it('keeps secrets and what people wrote to itself', () => {
      for (const secret of [
        TITLE,
        encodeURIComponent(TITLE),
        ADMIN_PASSWORD,
        ADMIN_EMAIL,
        token,
        '127.0.0.99',
      ])
        expect(received).not.toContain(secret);
    });
  });
});

/** One prediction of each modality, and what else is to be seen. */
async function ask(url: string): Promise<string> {
  const admin = await new ApiClient(url).login(ADMIN_EMAIL, ADMIN_PASSWORD);
  const image = await photo(red);
  const text = await admin.send('POST', `/api/v1/predict?designation=${encodeURIComponent(TITLE)}`);
  expect(text.status).toBe(200);
  for (const body of [formOf({}, image), formOf({ designation: TITLE }, image)])
    expect((await admin.send('POST', '/api/v1/predict', { body })).status).toBe(200);
  const feedback = { prediction_id: text.body.prediction_id, real_category_id: 10 };
  await admin.send('POST', '/api/v1/feedback', { json: feedback });
  const lost = await admin.send('GET', '/api/v1/users/00000000-0000-0000-0000-000000000000', {
    headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, 'x-forwarded-for': '127.0.0.99' },
  });
  expect(lost.body.traceId).toBe(TRACE);
  await new ApiClient(url).login(ADMIN_EMAIL, 'not the password').catch(() => undefined);
  return admin.token as string;
}
