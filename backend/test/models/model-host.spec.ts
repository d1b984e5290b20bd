import { appendFile, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '@vitrine/inference';
import type { ModelStore } from '@vitrine/mlflow';
import { loadVersion, type LoadVersion } from '../../src/models/host/load-version.js';
import { ModelHost, type ModelHostOptions } from '../../src/models/host/model-host.js';
import { copyPackage, writeTextPackage } from '../fixtures/tiny-packages.js';
import { TestRegistry } from '../fixtures/test-registry.js';

type Damage = (dir: string) => Promise<void>;

const changeManifest =
  (change: (manifest: ModelManifest) => void): Damage =>
  async (dir) => {
    const path = join(dir, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as ModelManifest;
    change(manifest);
    await writeFile(path, JSON.stringify(manifest));
  };

/** What may be wrong with a package, and the code it is refused with. */
const damages: Record<string, [code: string, damage: Damage]> = {
  'a corrupt file': ['hash-mismatch', (dir) => appendFile(join(dir, 'network.bin'), 'x')],
  'a wrong hash': [
    'hash-mismatch',
    changeManifest((manifest) => (manifest.files['network.bin'] = '0'.repeat(64))),
  ],
  'a missing file': ['file-missing', (dir) => rm(join(dir, 'network.bin'))],
  'a truncated manifest': ['manifest-invalid', (dir) => truncate(join(dir, 'manifest.json'), 100)],
  'no manifest': ['package-missing', (dir) => rm(join(dir, 'manifest.json'))],
  'an unknown processor version': [
    'processor-unknown',
    changeManifest((manifest) => (manifest.processors[0]!.version = 99)),
  ],
  'an unknown processor': [
    'processor-unknown',
    changeManifest((manifest) => (manifest.processors[0]!.kind = 'crystal-ball')),
  ],
  'other answers than when it was made': [
    'golden-mismatch',
    changeManifest((manifest) => (manifest.calibration.temperature = 7)),
  ],
};

describe('ModelHost', () => {
  let registry: TestRegistry;
  let sound: string;
  let hosts: ModelHost[];

  beforeEach(async () => {
    registry = await TestRegistry.open();
    sound = await mkdtemp(join(registry.dir, 'sound-'));
    await writeTextPackage(sound);
    hosts = [];
  });

  afterEach(async () => {
    await Promise.all(hosts.map((host) => host.close()));
    await registry.close();
  });

  function buildHost(options: Partial<ModelHostOptions> = {}): ModelHost {
    const host = new ModelHost({
      registry: registry.store,
      names: { text: 'text', image: 'image', fusion: 'fusion' },
      alias: 'production',
      cacheDir: registry.cacheDir,
      cacheVersions: 2,
      refreshIntervalMs: 0,
      backOff: { baseMs: 60_000, maxMs: 60_000 },
      logger: { log: () => undefined, warn: () => undefined },
      ...options,
    });
    hosts.push(host);
    return host;
  }

  async function startHost(options?: Partial<ModelHostOptions>): Promise<ModelHost> {
    const host = buildHost(options);
    await host.start();
    return host;
  }

  const textStatus = (host: ModelHost) => host.status().find(({ modality }) => modality === 'text')!;

  async function registerDamaged(damage: Damage): Promise<number> {
    const dir = await copyPackage(sound, await mkdtemp(join(registry.dir, 'damaged-')));
    await damage(dir);
    return registry.register('text', dir);
  }

  /** A registry that counts what it is asked and can be away. */
  function observed() {
    const calls = { lookups: 0, downloads: 0 };
    const state = { away: false };
    const ask = <T>(question: () => Promise<T>): Promise<T> =>
      state.away ? Promise.reject(new Error('ECONNREFUSED')) : question();
    const store: Pick<ModelStore, 'findVersionByAlias' | 'downloadVersion'> = {
      findVersionByAlias: (...args) => {
        calls.lookups++;
        return ask(() => registry.store.findVersionByAlias(...args));
      },
      downloadVersion: (...args) => {
        calls.downloads++;
        return ask(() => registry.store.downloadVersion(...args));
      },
    };
    return { calls, state, store };
  }

  it('serves every model that has the alias, and says which it lacks', async () => {
    await registry.register('text', sound);
    await registry.publish('image');
    const host = await startHost();
    expect(host.status().map(({ modality, state, version }) => [modality, state, version])).toEqual([
      ['text', 'ready', 1],
      ['image', 'ready', 1],
      ['fusion', 'missing', null],
    ]);
    const answer = await host.use('text', async (predictor) => predictor.predict([{ designation: 'livre' }]));
    expect(answer?.[0]?.probabilities.length).toBe(4);
    expect(host.use('fusion', () => Promise.resolve(1))).toBeNull();
  });

  it('follows the alias forward and back', async () => {
    await registry.register('text', sound);
    const host = await startHost();
    await registry.register('text', sound);
    await host.refresh();
    expect(host.current('text')?.version).toBe(2);
    await registry.store.setAlias('text', 'production', 1);
    await host.refresh();
    expect(textStatus(host)).toMatchObject({ state: 'ready', version: 1, wantedVersion: 1, reason: null });
  });

  it('refreshes by itself', async () => {
    await registry.register('text', sound);
    const host = await startHost({ refreshIntervalMs: 20 });
    await registry.register('text', sound);
    await until(() => host.current('text')?.version === 2);
  });

  describe.each(Object.entries(damages))('given %s', (_name, [code, damage]) => {
    it('keeps the last good version, and says why', async () => {
      await registry.register('text', sound);
      const host = await startHost();
      await registerDamaged(damage);
      await host.refresh();
      expect(textStatus(host)).toMatchObject({
        state: 'degraded',
        version: 1,
        wantedVersion: 2,
        reason: `version 2 was refused (${code})`,
      });
      await expect(
        host.use('text', (predictor) => predictor.predict([{ designation: 'livre' }])),
      ).resolves.toHaveLength(1);
    });

    it('serves nothing where there is no other version, and recovers with the next one', async () => {
      await registerDamaged(damage);
      const host = await startHost();
      expect(textStatus(host)).toMatchObject({ state: 'missing', version: null });
      await registry.register('text', sound);
      await host.refresh();
      expect(textStatus(host)).toMatchObject({ state: 'ready', version: 2 });
    });

    it('serves the cached last good version after a restart', async () => {
      await registry.register('text', sound);
      await (await startHost()).close();
      await registerDamaged(damage);
      const host = await startHost();
      expect(textStatus(host)).toMatchObject({ state: 'degraded', version: 1, wantedVersion: 2 });
    });
  });

  it('refuses a package of another modality', async () => {
    await registry.register('image', sound);
    const host = await startHost();
    expect(host.status()[1]).toMatchObject({
      state: 'missing',
      reason: 'version 1 was refused (manifest-invalid)',
    });
  });

  it('leaves a failed version alone until its back-off is over, or until it is forced', async () => {
    await registerDamaged(damages['a corrupt file']![1]);
    const { calls, store } = observed();
    const host = await startHost({ registry: store });
    expect(calls.downloads).toBe(1);
    await host.refresh();
    await host.refresh();
    expect(calls.downloads).toBe(1);
    expect(textStatus(host).retryAt).not.toBeNull();
    await host.refresh(true);
    expect(calls.downloads).toBe(2);
  });

  it('tries a failed version again after its back-off', async () => {
    await registerDamaged(damages['a corrupt file']![1]);
    const { calls, store } = observed();
    const host = await startHost({ registry: store, backOff: { baseMs: 1, maxMs: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await host.refresh();
    expect(calls.downloads).toBe(2);
  });

  it('only looks the version up while it is the same', async () => {
    await registry.register('text', sound);
    const { calls, store } = observed();
    const host = await startHost({ registry: store });
    await host.refresh();
    expect(calls).toEqual({ lookups: 6, downloads: 1 });
  });

  it('shares one refresh between concurrent callers', async () => {
    await registry.register('text', sound);
    const { calls, store } = observed();
    const load = jest.fn<ReturnType<LoadVersion>, Parameters<LoadVersion>>(loadVersion);
    const host = buildHost({ registry: store, load });
    await Promise.all([host.start(), ...Array.from({ length: 20 }, () => host.refresh())]);
    expect(calls.downloads).toBe(1);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('goes on serving while the registry is away, and recovers', async () => {
    await registry.register('text', sound);
    const { state, store } = observed();
    const host = await startHost({ registry: store });
    state.away = true;
    await host.refresh();
    expect(textStatus(host)).toMatchObject({
      state: 'degraded',
      version: 1,
      reason: 'the registry cannot be reached',
    });
    state.away = false;
    await host.refresh();
    expect(textStatus(host)).toMatchObject({ state: 'ready', version: 1, reason: null });
  });

  it('starts from the cache where the registry is gone', async () => {
    await registry.register('text', sound);
    await (await startHost()).close();
    const { state, store, calls } = observed();
    state.away = true;
    const host = await startHost({ registry: store });
    expect(textStatus(host)).toMatchObject({ state: 'degraded', version: 1 });
    expect(textStatus(host).reason).toContain('serves from the cache');
    state.away = false;
    await host.refresh();
    expect(textStatus(host)).toMatchObject({ state: 'ready', version: 1 });
    expect(calls.downloads).toBe(0);
  });

  it('does not hold the start up for a registry that hangs', async () => {
    const host = buildHost({
      registry: { ...observed().store, findVersionByAlias: () => new Promise(() => undefined) },
    });
    await host.start(10);
    expect(textStatus(host).state).toBe('missing');
    hosts = [];
  });

  it('downloads anew what is damaged in the cache', async () => {
    await registry.register('text', sound);
    await (await startHost()).close();
    await appendFile(join(registry.cacheDir, 'text', '1', 'network.bin'), 'x');
    const host = await startHost();
    expect(textStatus(host)).toMatchObject({ state: 'ready', version: 1 });
  });

  it('does not take a cached version for one of the same number in a new registry', async () => {
    await registry.publish('text', { sharpness: 1 });
    const before = await startHost();
    const [first] = (await before.use('text', (predictor) => predictor.predict([{ designation: 'livre' }])))!;
    await before.close();
    await rm(registry.registryDir, { recursive: true });
    await registry.publish('text', { sharpness: 3 });
    const after = await startHost();
    const [second] = (await after.use('text', (predictor) => predictor.predict([{ designation: 'livre' }])))!;
    expect(after.current('text')?.version).toBe(1);
    expect(second!.probabilities[0]).toBeGreaterThan(first!.probabilities[0]!);
  });

  it('keeps a bounded number of versions on disk, and no partial ones', async () => {
    const host = await startHost();
    for (let i = 0; i < 4; i++) {
      await registry.register('text', sound);
      await host.refresh();
    }
    const entries = await readdir(join(registry.cacheDir, 'text'));
    expect(entries.sort()).toEqual(['3', '3.origin.json', '4', '4.origin.json', 'current.json']);
  });

  it('swaps under load without a failed or disposed answer, and disposes what it swapped out', async () => {
    await registry.register('text', sound);
    const living = new Set<number>();
    let next = 0;
    const load: LoadVersion = async (dir, modality) => {
      const loaded = await loadVersion(dir, modality);
      const id = next++;
      living.add(id);
      const retire = loaded.shared.retire.bind(loaded.shared);
      loaded.shared.retire = () => retire().then(() => void living.delete(id));
      const use = loaded.shared.use.bind(loaded.shared);
      loaded.shared.use = (fn) =>
        use(async (predictor) => {
          const answer = await fn(predictor);
          if (!living.has(id)) throw new Error('disposed while in use');
          return answer;
        });
      return loaded;
    };
    const host = await startHost({ load });
    let running = true;
    let answers = 0;
    const versions = new Set<number>();
    const clients = Array.from({ length: 8 }, async () => {
      while (running) {
        await host.use('text', async (predictor, model) => {
          versions.add(model.version);
          await new Promise((resolve) => setTimeout(resolve, 1));
          await predictor.predict([{ designation: 'jeu vidéo' }]);
        });
        answers++;
      }
    });
    for (let i = 0; i < 5; i++) {
      await registry.register('text', sound);
      await host.refresh();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    running = false;
    await Promise.all(clients);
    expect(versions.size).toBe(6);
    expect(answers).toBeGreaterThan(10);
    await until(() => living.size === 1);
    await host.close();
    expect(living.size).toBe(0);
  });

  it('waits for what is in flight before it closes', async () => {
    await registry.register('text', sound);
    const host = await startHost();
    const work = withResolvers<string>();
    const use = host.use('text', () => work.promise);
    let closed = false;
    const closing = host.close().then(() => (closed = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(closed).toBe(false);
    work.resolve('done');
    await expect(use).resolves.toBe('done');
    await closing;
    expect(host.current('text')).toBeNull();
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The condition did not come true');
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((yes) => (resolve = yes));
  return { promise, resolve };
}
