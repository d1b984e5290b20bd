import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeLinearTabularPackage, type LinearTabularConfig } from '@vitrine/inference';
import { TestRegistry } from '../fixtures/test-registry.js';
import {
  loadTabularVersion,
  type LoadTabularVersion,
} from '../../src/models/tabular/load-tabular-version.js';
import { TabularHost, type TabularHostOptions } from '../../src/models/tabular/tabular-host.js';

const NAME = 'time-to-sell';

/** A network that always answers alike: different biases tell versions apart. */
const network = (bias: number): LinearTabularConfig => ({
  means: [0, 0, 0],
  scales: [1, 1, 1],
  weights: [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ],
  bias: [bias, 0, 0],
});

describe('TabularHost', () => {
  let registry: TestRegistry;
  let hosts: TabularHost[];

  beforeEach(async () => {
    registry = await TestRegistry.open();
    hosts = [];
  });
  afterEach(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await registry.close();
  });

  function build(options: Partial<TabularHostOptions> = {}): TabularHost {
    const host = new TabularHost({
      registry: registry.store,
      alias: 'production',
      cacheDir: registry.cacheDir,
      cacheVersions: 2,
      maxVersions: 2,
      refreshIntervalMs: 0,
      backOff: { baseMs: 60_000, maxMs: 60_000 },
      logger: { log: () => undefined, warn: () => undefined },
      ...options,
    });
    hosts.push(host);
    return host;
  }

  async function start(options?: Partial<TabularHostOptions>): Promise<TabularHost> {
    const host = build(options);
    host.serve(NAME, 'time-to-sell');
    await host.start();
    return host;
  }

  async function publish(
    alias: string | null = null,
    {
      bias = 0,
      damage = (_dir: string): Promise<unknown> => Promise.resolve(),
      task = 'time-to-sell' as const,
    } = {},
  ): Promise<number> {
    const dir = await mkdtemp(join(registry.dir, 'package-'));
    await writeLinearTabularPackage(dir, { network: network(bias), task });
    await damage(dir);
    return registry.register(NAME, dir, alias);
  }

  const ask = (host: TabularHost, version: number) =>
    host.useVersion(NAME, version, async (predictor, model) => {
      const [answer] = await predictor.predict([{ prix: 12 }]);
      return { version: model.version, fast: answer!.probabilities[0]! };
    });
  const expectedOf = (bias: number) => Math.exp(bias) / (Math.exp(bias) + 2);

  /** Counts loads, and what was disposed. */
  function counted() {
    const calls = { loads: 0, released: 0 };
    const load: LoadTabularVersion = async (dir, task) => {
      calls.loads++;
      const loaded = await loadTabularVersion(dir, task);
      const retire = loaded.shared.retire.bind(loaded.shared);
      loaded.shared.retire = () => retire().then(() => void calls.released++);
      return loaded;
    };
    return { calls, load };
  }

  it('serves what the alias names, and swaps it', async () => {
    await publish('production', { bias: 1 });
    const host = await start();
    expect(host.status()).toMatchObject([{ name: NAME, task: 'time-to-sell', state: 'ready', version: 1 }]);
    await publish('production', { bias: 2 });
    await host.follow(NAME);
    const answer = await host.use(NAME, async (predictor) => (await predictor.predict([{}]))[0]!);
    expect(answer!.probabilities[0]).toBeCloseTo(expectedOf(2), 6);
    expect(host.current(NAME)?.version).toBe(2);
  });

  it('loads any version on demand, once however many ask', async () => {
    await publish('production', { bias: 1 });
    await publish(null, { bias: 3 });
    const { calls, load } = counted();
    const host = await start({ load });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(host, 2)));
    expect(answers[0]).toEqual({ version: 2, fast: expect.closeTo(expectedOf(3), 6) });
    expect(new Set(answers.map(({ fast }) => fast)).size).toBe(1);
    expect(calls.loads).toBe(2);
    expect(host.status()[0]!.loadedVersions).toEqual([2]);
    expect(host.current(NAME)?.version).toBe(1);
  });

  it('does not load the version in service a second time', async () => {
    await publish('production');
    const { calls, load } = counted();
    const host = await start({ load });
    await ask(host, 1);
    expect(calls.loads).toBe(1);
  });

  it('releases the least recently used beyond its bound, after its last use', async () => {
    for (let i = 0; i < 4; i++) await publish(null, { bias: i });
    const { calls, load } = counted();
    const host = await start({ load });
    let finish = () => {};
    const lease = host.useVersion(NAME, 1, async (predictor) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return predictor.predict([{}]);
    });
    await ask(host, 2);
    await ask(host, 3);
    expect(host.status()[0]!.loadedVersions).toEqual([2, 3]);
    expect(calls.released).toBe(0);
    finish();
    await expect(lease).resolves.toHaveLength(1);
    await until(() => calls.released === 1);
    expect((await ask(host, 1)).fast).toBeCloseTo(expectedOf(0), 6);
  });

  it('answers right while versions push each other out', async () => {
    for (let i = 0; i < 6; i++) await publish(null, { bias: i });
    const host = await start();
    const asked = Array.from({ length: 60 }, (_, i) => (i % 6) + 1);
    const answers = await Promise.all(asked.map((version) => ask(host, version)));
    answers.forEach(({ version, fast }, i) => {
      expect(version).toBe(asked[i]);
      expect(fast).toBeCloseTo(expectedOf(version - 1), 6);
    });
  });

  it.each([
    ['a corrupt file', 'model-not-loadable', (dir: string) => appendFile(join(dir, 'golden.json'), ' ')],
    ['no manifest', 'model-not-loadable', (dir: string) => rm(join(dir, 'manifest.json'))],
  ])('refuses a version with %s, without asking again and again', async (_what, code, damage) => {
    const version = await publish(null, { damage });
    let downloads = 0;
    const host = await start({
      registry: {
        ...storeFunctions(),
        downloadVersion: (...args) => {
          downloads++;
          return registry.store.downloadVersion(...args);
        },
      },
    });
    await expect(ask(host, version)).rejects.toMatchObject({ code });
    await expect(ask(host, version)).rejects.toMatchObject({ code });
    expect(downloads).toBe(1);
    expect(host.status()[0]!.loadedVersions).toEqual([]);
  });

  it('tries a failed version again after a while', async () => {
    const host = await start({ backOff: { baseMs: 20, maxMs: 20 } });
    await expect(ask(host, 1)).rejects.toMatchObject({ code: 'model-version-not-found' });
    await publish();
    await new Promise((resolve) => setTimeout(resolve, 40));
    await expect(ask(host, 1)).resolves.toMatchObject({ version: 1 });
  });

  it('loads from its cache while the registry is away', async () => {
    await publish(null, { bias: 2 });
    const before = await start();
    await ask(before, 1);
    await before.close();
    const away = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const host = await start({
      registry: { findVersionByAlias: away, downloadVersion: away, getVersion: away },
    });
    expect((await ask(host, 1)).fast).toBeCloseTo(expectedOf(2), 6);
    await expect(ask(host, 2)).rejects.toMatchObject({ code: 'registry-unavailable' });
    expect(host.current(NAME)).toBeNull();
  });

  it('refuses a package of another task, under its alias and by number', async () => {
    await publish('production', { task: 'customer-label' as 'time-to-sell' });
    const host = await start();
    expect(host.status()[0]).toMatchObject({
      state: 'missing',
      reason: 'version 1 was refused (manifest-invalid)',
    });
    await expect(ask(host, 1)).rejects.toMatchObject({ code: 'model-not-loadable' });
  });

  it('passes on what the use of a predictor throws', async () => {
    await publish();
    const host = await start();
    const failure = host.useVersion(NAME, 1, () => Promise.reject(new RangeError('mine')));
    await expect(failure).rejects.toThrow('mine');
    await expect(ask(host, 1)).resolves.toMatchObject({ version: 1 });
  });

  it('takes no names after the start', async () => {
    const host = await start();
    expect(() => host.serve('customer-label', 'customer-label')).toThrow('after the start');
  });

  const storeFunctions = (): TabularHostOptions['registry'] => ({
    findVersionByAlias: (...args) => registry.store.findVersionByAlias(...args),
    getVersion: (...args) => registry.store.getVersion(...args),
    downloadVersion: (...args) => registry.store.downloadVersion(...args),
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}
