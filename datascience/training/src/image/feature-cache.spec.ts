import { mkdtemp, readdir, rm, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeatureCache } from './feature-cache.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'feature-cache-'));
});
afterEach(() => rm(dir, { recursive: true }));

const path = (hash: string) => join(dir, 'space', hash.slice(0, 2), `${hash.slice(2)}.f32`);

describe('FeatureCache', () => {
  it('gives back what was put, per space', async () => {
    const cache = new FeatureCache(dir, 'space', 3);
    await cache.put('aabb', Float32Array.of(1, 2, 3));
    expect([...(await cache.find('aabb'))!]).toEqual([1, 2, 3]);
    expect(await cache.find('aacc')).toBeNull();
    expect(await new FeatureCache(dir, 'other', 3).find('aabb')).toBeNull();
  });

  it('does not trust a file that is cut off', async () => {
    const cache = new FeatureCache(dir, 'space', 3);
    await cache.put('aabb', Float32Array.of(1, 2, 3));
    await truncate(path('aabb'), 5);
    expect(await cache.find('aabb')).toBeNull();
  });

  it('deletes the oldest beyond its bound', async () => {
    const cache = new FeatureCache(dir, 'space', 3);
    for (const hash of ['aa01', 'aa02', 'bb03']) await cache.put(hash, Float32Array.of(1, 2, 3));
    await utimes(path('aa02'), 1, 1);
    await cache.prune(24);
    expect(await readdir(join(dir, 'space', 'aa'))).toEqual(['01.f32']);
    expect(await cache.find('bb03')).not.toBeNull();
  });
});
