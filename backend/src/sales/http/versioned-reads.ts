import { LRUCache } from 'lru-cache';
import { SharedReads } from './shared-reads.js';

const CACHE_BYTES = 32 * 1024 * 1024;
/** What is larger is written anew for everyone rather than push everything else out. */
const LARGEST_CACHED_BYTES = 4 * 1024 * 1024;

/** Something that was read, and the version of the store it is at least as new as. */
export interface Versioned<T> {
  version: string;
  content: T;
}

/** Reads that are shared by requests of the same moment, and remembered until the store changes. */
export class VersionedReads {
  private readonly shared = new SharedReads();
  private readonly cache = new LRUCache<string, Versioned<{ size: number }>>({
    maxSize: CACHE_BYTES,
    maxEntrySize: LARGEST_CACHED_BYTES,
    sizeCalculation: ({ content }) => Math.max(1, content.size),
  });

  constructor(private readonly getVersion: () => Promise<string>) {}

  /** @param content's `size` in bytes, by which the cache is bounded */
  read<T extends { size: number }>(key: string, load: () => Promise<T>): Promise<Versioned<T>> {
    return this.shared.read(key, async () => {
      // Before the content: it may be newer than its version, never older.
      const version = await this.shared.read('version', this.getVersion);
      const known = this.cache.get(key) as Versioned<T> | undefined;
      if (known?.version === version) return known;
      const fresh = { version, content: await load() };
      this.cache.set(key, fresh);
      return fresh;
    });
  }
}
