import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SourceFileError } from '../../src/customers/loading/loading.errors.js';
import {
  contextOf,
  createCustomerApp,
  smallFiles,
  type CustomerApp,
} from '../fixtures/customers/customer-app.js';
import { openCuttingProxy, type CuttingProxy } from '../fixtures/customers/cutting-proxy.js';
import {
  canHaveS3Server,
  installS3Server,
  S3_KEYS,
  S3_REGION,
  startS3Server,
  type S3Server,
} from '../fixtures/customers/s3-server.js';

const INSTALL_TIMEOUT_MS = 16 * 60_000;
const BUCKET = 'shop';
const PREFIX = 'exports/customers';
/** More than one buffer of anything. */
const ROWS = 60_000;

const describeServer = canHaveS3Server() ? describe : describe.skip;
if (!canHaveS3Server())
  process.stderr.write('SKIPPED: the tests against an S3 server, which Go would compile\n');

describeServer('customer files in an S3 bucket', () => {
  let server: S3Server;
  let proxy: CuttingProxy;
  let app: CustomerApp;
  let s3: S3Client;

  beforeAll(async () => {
    server = await startS3Server(await installS3Server());
    proxy = await openCuttingProxy(server.port);
    s3 = new S3Client({
      endpoint: server.url,
      region: S3_REGION,
      forcePathStyle: true,
      credentials: S3_KEYS,
    });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    app = await createCustomerApp({ env: environment() });
  }, INSTALL_TIMEOUT_MS);
  afterAll(async () => {
    await app?.close();
    s3?.destroy();
    await proxy?.close();
    await server?.stop();
  });

  const environment = (more: Record<string, string> = {}) => ({
    CUSTOMERS_S3_BUCKET: BUCKET,
    CUSTOMERS_S3_PREFIX: PREFIX,
    CUSTOMERS_S3_ENDPOINT: proxy.url,
    CUSTOMERS_S3_REGION: S3_REGION,
    CUSTOMERS_S3_PATH_STYLE: 'true',
    CUSTOMERS_S3_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
    CUSTOMERS_S3_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
    ...more,
  });
  const put = (name: string, body: string | Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${PREFIX}/${name}`, Body: body }));
  const remove = (name: string) =>
    s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: `${PREFIX}/${name}` }));
  const profiles = () =>
    `idx,attr_a,attr_b,attr_c\n${Array.from({ length: ROWS }, (_, i) => `${i},${1 + (i % 5)},${'abcd'[i % 4]},yes-${randomUUID()}`).join('\n')}\n`;
  const staged = (runId: string) =>
    app.database.query(
      'SELECT FROM staging_customer_profiles JOIN customer_loads ON id = load_id WHERE run_id = $1',
      [runId],
    );
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => Promise.reject(new Error('It did not fail')),
      (error: SourceFileError) => error,
    );
  it('are loaded, packed or not, by the steps that load a folder', async () => {
    for (const [name, content] of Object.entries(smallFiles)) {
      if (name.startsWith('labels')) await put(`${name}.gz`, gzipSync(content));
      else await put(name, content);
    }
    await app.loadClientData();
    const month = contextOf({ parameters: { month: '2020-02' } });
    await expect(app.steps.loadMonth(month)).resolves.toMatchObject({
      rowsIn: 2,
      details: { file: `s3://${BUCKET}/${PREFIX}/sales/2020-02-01/sales.csv` },
    });
    await expect(app.database.query('SELECT count(*)::integer AS n FROM labels')).resolves.toEqual([
      { n: 2 },
    ]);
  });

  it('are read to their end although the connection breaks off again and again', async () => {
    await put('customer_profiles.csv', profiles());
    const context = contextOf();
    proxy.cuts = 0;
    proxy.plan(300_000, 700_000, 5_000);
    await expect(app.steps.loadProfiles(context)).resolves.toMatchObject({ rowsIn: ROWS });
    expect(proxy.cuts).toBe(3);
    expect(await staged(context.runId)).toHaveLength(ROWS);
    await expect(
      app.database.query(
        'SELECT min(line), max(line), count(DISTINCT idx)::integer AS n FROM staging_customer_profiles JOIN customer_loads ON id = load_id WHERE run_id = $1',
        [context.runId],
      ),
    ).resolves.toEqual([{ min: 2, max: ROWS + 1, n: ROWS }]);
  });

  it('are not loaded by half where the connection never holds', async () => {
    const context = contextOf();
    proxy.plan(...Array<number>(50).fill(400_000));
    const error = await failure(app.steps.loadProfiles(context));
    proxy.plan();
    expect([error.problem, error.isPermanent]).toEqual(['unreachable', false]);
    expect(error.message).toContain(`s3://${BUCKET}/${PREFIX}/customer_profiles.csv`);
    expect(await staged(context.runId)).toHaveLength(0);
    // The same run gets there when the connection holds.
    await expect(app.steps.loadProfiles(context)).resolves.toMatchObject({ rowsIn: ROWS });
  });

  it('are not mixed of two states where they are replaced meanwhile', async () => {
    const before = proxy.cuts;
    proxy.plan(300_000);
    const loading = failure(app.steps.loadProfiles(contextOf()));
    while (proxy.cuts === before) await new Promise((done) => setTimeout(done, 5));
    await put('customer_profiles.csv', profiles());
    await expect(loading).resolves.toMatchObject({
      problem: 'unreachable',
      message: expect.stringContaining('replaced meanwhile'),
    });
  });

  it('are missed by name, and a refusal is told as one', async () => {
    await remove('stores.csv');
    const missing = await failure(app.steps.loadStores(contextOf()));
    expect([missing.problem, missing.isPermanent]).toEqual(['missing', true]);
    expect(missing.message).toContain(`s3://${BUCKET}/${PREFIX}/`);
    const stranger = await createCustomerApp({
      env: environment({ CUSTOMERS_S3_SECRET_ACCESS_KEY: 'wrong' }),
    });
    const refused = await failure(stranger.steps.loadProfiles(contextOf()));
    await stranger.close();
    expect([refused.problem, refused.message]).toEqual(['unreachable', expect.stringContaining('403')]);
    const nowhere = await createCustomerApp({
      env: environment({ CUSTOMERS_S3_ENDPOINT: 'http://127.0.0.1:9' }),
    });
    const away = await failure(nowhere.steps.loadProfiles(contextOf()));
    await nowhere.close();
    expect([away.problem, away.isPermanent]).toEqual(['unreachable', false]);
    expect(away.message).toContain('ECONNREFUSED');
  });
});
