import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Features on disk may take this many bytes; the oldest go first. */
const DEFAULT_MAX_BYTES = 4 * 2 ** 30;

/**
 * Vectors of photos on disk, by the photo's content: one small file each, written whole or not at all, so that any
 * number of processes may share a folder.
 */
export class FeatureCache {
  /**
   * @param root folder of all feature spaces
   * @param space names what made the vectors: another backbone, processor or pooling is another space
   * @param length numbers in a vector
   */
  constructor(
    private readonly root: string,
    private readonly space: string,
    private readonly length: number,
  ) {}

  /** The vector of a photo, or null where it is not there or not whole. */
  async find(hash: string): Promise<Float32Array | null> {
    const bytes = await readFile(this.file(hash)).catch(() => null);
    if (bytes?.length !== this.length * 4) return null;
    const values = new Float32Array(this.length);
    new Uint8Array(values.buffer).set(bytes);
    return values;
  }

  /** @param values float32 in the machine's byte order: the cache is not for sharing between machines */
  async put(hash: string, values: Float32Array): Promise<void> {
    const file = this.file(hash);
    const partial = `${file}.${randomUUID()}.partial`;
    await mkdir(join(this.root, this.space, hash.slice(0, 2)), { recursive: true });
    await writeFile(partial, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    await rename(partial, file);
  }

  /** Deletes the oldest files, of every space, until the folder is below its bound. */
  async prune(maxBytes = DEFAULT_MAX_BYTES): Promise<void> {
    const names = await readdir(this.root, { recursive: true }).catch(() => []);
    const files: { path: string; size: number; time: number }[] = [];
    for (const name of names) {
      const path = join(this.root, name);
      const info = await stat(path).catch(() => null);
      if (info?.isFile()) files.push({ path, size: info.size, time: info.mtimeMs });
    }
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.sort((a, b) => a.time - b.time)) {
      if (total <= maxBytes) return;
      await rm(path, { force: true });
      total -= size;
    }
  }

  private file(hash: string): string {
    return join(this.root, this.space, hash.slice(0, 2), `${hash.slice(2)}.f32`);
  }
}
