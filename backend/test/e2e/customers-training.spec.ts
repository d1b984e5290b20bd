import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { contextOf, createCustomerApp, type CustomerApp } from '../fixtures/customers/customer-app.js';
import { TestRegistry } from '../fixtures/test-registry.js';
import type { ApiClient } from '../support/api-client.js';

/** The built command line, which trains in a process of its own. */
const ENTRY = resolve(import.meta.dirname, '../../../datascience/training/dist/main.js');
const describeBuilt = existsSync(ENTRY) ? describe : describe.skip;
if (!existsSync(ENTRY)) process.stderr.write(`skipped: the command line is not built (${ENTRY})\n`);

const CUSTOMERS = 2_000;
/** Training gives way to everything else on the machine. */
const TIMEOUT_MS = 240_000;

describeBuilt('train-customer-label', () => {
  let registry: TestRegistry;
  let app: CustomerApp;
  let admin: ApiClient;

  beforeAll(async () => {
    registry = await TestRegistry.open();
    app = await createCustomerApp({
      env: {
        REGISTRY_DIR: registry.registryDir,
        MODELS_CACHE_DIR: registry.cacheDir,
        TRAINING_ENTRY_PATH: ENTRY,
        PATH: process.env.PATH!,
      },
    });
    admin = await app.admin();
  });
  afterAll(async () => {
    await app.close();
    await registry.close();
  });

  const loadDemo = async (signal: number, seed: number) => {
    const demo = ['demo-customers', '--output-dir', app.filesDir, '--customers', String(CUSTOMERS)];
    const more = ['--months', '1', '--signal', String(signal), '--seed', String(seed), '--overwrite'];
    await promisify(execFile)(process.execPath, [ENTRY, ...demo, ...more]);
    await app.loadClientData();
    const context = contextOf();
    await app.steps.refreshFeatureStore(context);
    await app.steps.checkFeatureStore(context);
  };
  const history = async () =>
    (
      await admin.get<{ items: Record<string, unknown>[] }>(
        '/api/v1/models/customer-label/history?alias=production',
      )
    ).body.items;

  it(
    'learns a planted signal, is promoted and answers',
    async () => {
      await loadDemo(0.9, 1);
      const context = contextOf({ parameters: { seed: 7 } });
      const trained = await app.steps.trainLabelModel(context);
      expect(trained).toMatchObject({ rowsIn: CUSTOMERS, details: { model: 'customer-label', version: 1 } });
      const { metrics } = trained.details as { metrics: Record<string, number> };
      expect(metrics.auc).toBeGreaterThan(0.75);
      expect(metrics.chance_p_value).toBeLessThan(0.01);
      // A step that is run again registers no second version.
      await expect(app.steps.trainLabelModel(context)).resolves.toEqual(trained);
      await expect(app.steps.promoteLabelModel(context)).resolves.toMatchObject({
        rowsOut: 1,
        details: { promoted: true },
      });
      await expect(app.steps.promoteLabelModel(context)).resolves.toMatchObject({ rowsOut: 1 });
      expect(await history()).toMatchObject([{ to_version: 1, moved_by: 'train-customer-label' }]);
      const { status, body } = await admin.send('POST', '/api/v1/customers/predict', { json: { idx: 5 } });
      expect([status, body]).toMatchObject([200, { idx: 5, model: { name: 'customer-label', version: 1 } }]);
    },
    TIMEOUT_MS,
  );

  it(
    'says of independent labels that there is nothing to learn, and is not promoted unless forced',
    async () => {
      await loadDemo(0, 2);
      const lines: string[] = [];
      const context = contextOf({ log: (line) => lines.push(line) });
      const { details } = await app.steps.trainLabelModel(context);
      expect((details as { metrics: Record<string, number> }).metrics.chance_p_value).toBeGreaterThan(0.01);
      const refused = await app.steps.promoteLabelModel(context);
      expect(refused).toMatchObject({ rowsOut: 0, details: { version: 2, promoted: false } });
      expect(String(refused.details!.objections)).toMatch(/no better than chance: p = /);
      expect(lines.at(-1)).toContain('is not promoted: version 2 of customer-label is no better than chance');
      expect(
        (await admin.send('POST', '/api/v1/customers/predict', { json: { idx: 5 } })).body,
      ).toMatchObject({
        model: { version: 1 },
      });
      await app.steps.promoteLabelModel({ ...context, parameters: { force: true } });
      expect(await history()).toMatchObject([{ to_version: 2, is_forced: true }, { to_version: 1 }]);
    },
    TIMEOUT_MS,
  );

  it('ends the training when the step is no longer wanted', async () => {
    const stop = new AbortController();
    const training = app.steps.trainLabelModel(contextOf({ signal: stop.signal }));
    setTimeout(() => stop.abort(), 500);
    await expect(training).rejects.toThrow();
    expect(existsSync(join(app.dir, 'data', 'training'))).toBe(true);
  });
});
