import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelVersion } from '@vitrine/mlflow';
import { PackageCache } from './package-cache.js';

const version = (number: number, createdAt = 1): ModelVersion => ({
  name: 'text',
  version: number,
  runId: `run-${number}`,
  source: `runs:/run-${number}/model`,
  createdAt,
  description: '',
  tags: {},
  aliases: [],
});

const download = async (destination: string): Promise<void> => {
  await mkdir(destination);
  await writeFile(join(destination, 'file'), 'content');
};

describe('PackageCache', () => {
  let dir: string;
  let cache: PackageCache;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-cache-'));
    cache = new PackageCache(dir, 2);
    await cache.open();
  });

  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('holds what was added, and nothing else of that number', async () => {
    await cache.add(version(1), download);
    await expect(cache.holds(version(1))).resolves.toBe(true);
    await expect(cache.holds(version(2))).resolves.toBe(false);
    await expect(cache.holds(version(1, 2))).resolves.toBe(false);
  });

  it('leaves nothing of a download that failed', async () => {
    const failing = async (destination: string): Promise<void> => {
      await download(destination);
      throw new Error('connection lost');
    };
    await expect(cache.add(version(1), failing)).rejects.toThrow('connection lost');
    await expect(readdir(dir)).resolves.toEqual([]);
  });

  it('removes partial downloads when it is opened', async () => {
    await mkdir(join(dir, '7.partial', 'processors'), { recursive: true });
    await cache.open();
    await expect(readdir(dir)).resolves.toEqual([]);
  });

  it('keeps the newest versions and the one that serves', async () => {
    for (const number of [1, 2, 3, 10]) await cache.add(version(number), download);
    await cache.markCurrent(2);
    await expect(cache.list()).resolves.toEqual([10, 2]);
    await expect(cache.candidates()).resolves.toEqual([2, 10]);
  });

  it('replaces a version of the same number from another registry', async () => {
    await cache.add(version(1), download);
    await cache.add(version(1, 2), download);
    await expect(cache.holds(version(1, 2))).resolves.toBe(true);
  });
});
