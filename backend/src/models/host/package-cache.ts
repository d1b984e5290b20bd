import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelVersion } from '@vitrine/mlflow';

/** What tells one version from another of the same number, such as after a registry was made anew. */
export type Origin = Pick<ModelVersion, 'runId' | 'source' | 'createdAt'>;

/**
 * Downloaded versions of one registered model: `<dir>/<version>/` is complete, `<version>.partial` is not,
 * `<version>.origin.json` says which version of the registry it is, `current.json` which one served last.
 * A cache belongs to one process at a time.
 */
export class PackageCache {
  constructor(
    private readonly dir: string,
    /** How many versions stay on disk; the one served last always does. */
    private readonly keep: number,
  ) {}

  /** Creates the folder and removes what an interrupted download left. */
  async open(): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    const entries = await readdir(this.dir);
    await Promise.all(entries.filter((name) => name.endsWith('.partial')).map((name) => this.remove(name)));
  }

  /** Folder of a version, whether it is there or not. */
  path(version: number): string {
    return join(this.dir, String(version));
  }

  /** Whether exactly this version of the registry is on disk. */
  async holds(version: ModelVersion): Promise<boolean> {
    const [origin, versions] = await Promise.all([this.findOrigin(version.version), this.list()]);
    return origin !== null && versions.includes(version.version) && sameOrigin(origin, version);
  }

  /** Where a version on disk came from; null where that is not known. */
  findOrigin(version: number): Promise<Origin | null> {
    return readJson<Origin>(this.originPath(version));
  }

  /**
   * Brings a version in: `download` fills the partial folder, which gets its name only when it is complete.
   *
   * @returns the folder
   */
  async add(version: ModelVersion, download: (destination: string) => Promise<void>): Promise<string> {
    const target = this.path(version.version);
    const partial = `${target}.partial`;
    await this.evict(version.version);
    await rm(partial, { recursive: true, force: true });
    try {
      await download(partial);
      const { runId, source, createdAt } = version;
      await writeJson(this.originPath(version.version), { runId, source, createdAt } satisfies Origin);
      await rename(partial, target);
      return target;
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
  }

  /** Versions on disk, newest first. */
  async list(): Promise<number[]> {
    const entries = await readdir(this.dir).catch(() => []);
    return entries
      .filter((name) => /^[1-9]\d*$/.test(name))
      .map(Number)
      .sort((a, b) => b - a);
  }

  /** Versions to try when the registry cannot be asked: the one that served last, then the newest. */
  async candidates(): Promise<number[]> {
    const [current, versions] = await Promise.all([this.current(), this.list()]);
    return versions.sort((a, b) => Number(b === current) - Number(a === current));
  }

  /** Notes the version that serves now and removes the oldest beyond the bound. */
  async markCurrent(version: number): Promise<void> {
    await writeJson(join(this.dir, 'current.json'), { version });
    const others = (await this.list()).filter((other) => other !== version);
    await Promise.all(others.slice(Math.max(0, this.keep - 1)).map((old) => this.evict(old)));
  }

  /** Removes a version, such as a damaged one. */
  async evict(version: number): Promise<void> {
    await rm(this.originPath(version), { force: true });
    await this.remove(String(version));
  }

  private async current(): Promise<number | null> {
    return (await readJson<{ version: number }>(join(this.dir, 'current.json')))?.version ?? null;
  }

  private originPath(version: number): string {
    return join(this.dir, `${version}.origin.json`);
  }

  private async remove(name: string): Promise<void> {
    await rm(join(this.dir, name), { recursive: true, force: true });
  }
}

/** Whether two descriptions are of the same version of the same registry. */
export function sameOrigin(a: Origin, b: Origin): boolean {
  return a.runId === b.runId && a.source === b.source && a.createdAt === b.createdAt;
}

async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    // Missing or half-written: the cache only forgets what it could have spared.
    return null;
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.partial`, JSON.stringify(value));
  await rename(`${path}.partial`, path);
}
