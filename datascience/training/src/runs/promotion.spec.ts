import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { openModelStore, PromotionRefusedError, type ModelStore } from '@vitrine/mlflow';
import { promote, rollback } from './promotion.js';

describe('promotion', () => {
  let dir: string;
  let store: ModelStore;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-promotion-'));
    store = openModelStore({ registryDir: dir });
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function register(weightedF1: number, logLoss: number, testHash = 'same'): Promise<number> {
    const { runId } = await store.createRun({ experiment: 'e', name: 'r' });
    await writeFile(join(dir, 'manifest.json'), '{}');
    await store.logArtifacts(runId, join(dir, 'manifest.json'), 'model');
    const tags = {
      test_hash: testHash,
      'metrics.weighted_f1': String(weightedF1),
      'metrics.log_loss': String(logLoss),
    };
    return (await store.createVersion({ name: 'text', runId, artifactPath: 'model', tags })).version;
  }
  const move = (version: number, force = false) =>
    promote(store, { name: 'text', version, alias: 'production', reason: 'why', force });

  it('moves the alias to a better version and says what was there', async () => {
    const { previous: none } = await move(await register(0.9, 0.3));
    expect(none).toBeNull();
    const { version, previous } = await move(await register(0.92, 0.28));
    expect([version.version, previous?.version]).toEqual([2, 1]);
    expect(version.aliases).toEqual(['production']);
    expect(version.tags).toMatchObject({
      'promotion.production.reason': 'why',
      'promotion.production.from': '1',
      'promotion.production.by': userInfo().username,
    });
  });

  it.each([
    ['a lower F1', 0.89, 0.3, 'same', /weighted F1/],
    ['a higher log loss', 0.9, 0.33, 'same', /log loss/],
    ['scores of other data', 0.99, 0.1, 'other', /different data/],
    ['no scores', NaN, NaN, 'same', /weighted F1/],
  ])('refuses %s, unless forced', async (_case, f1, logLoss, hash, message) => {
    await move(await register(0.9, 0.3));
    const worse = await register(f1, logLoss, hash);
    await expect(move(worse)).rejects.toThrow(PromotionRefusedError);
    await expect(move(worse)).rejects.toThrow(message);
    expect((await store.findVersionByAlias('text', 'production'))?.version).toBe(1);
    expect((await move(worse, true)).version.version).toBe(2);
  });

  it('tolerates a loss within the margins', async () => {
    await move(await register(0.9, 0.3));
    expect((await move(await register(0.896, 0.31))).version.version).toBe(2);
  });

  it('rolls back to the version before, and no further than there is one', async () => {
    await move(await register(0.9, 0.3));
    await move(await register(0.92, 0.28));
    const { version, from } = await rollback(store, 'text', 'production');
    expect([version.version, from.version]).toEqual([1, 2]);
    await expect(rollback(store, 'text', 'production')).rejects.toThrow(/no version to go back to/);
    await expect(rollback(store, 'text', 'staging')).rejects.toThrow(/no version to go back to/);
  });

  it('says that a version does not exist', async () => {
    await expect(move(3)).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
  });
});
