import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAlias, checkModelName, checkModelTags } from '../names.js';
import { StoreError, type ModelRegistry, type ModelVersion, type RegisteredModel } from '../store.js';
import { namesIn, readFileIfAny, readValues, writeFileAtomic, writeValues } from './files.js';
import type { LocalRuns } from './local-runs.js';
import { decodeName, encodeModelName, encodeName } from './names.js';

/** What `version.json` holds; tags have files of their own. */
interface VersionRecord {
  runId: string;
  artifactPath: string;
  createdAt: number;
  description: string;
}

/**
 * Registered models in a folder: `models/<name>/` with `versions/<n>/version.json`, a `tags/` each, and one file per
 * alias holding its version. Any number of processes may write: the file system decides who gets which number.
 */
export class LocalModels implements ModelRegistry {
  constructor(
    private readonly root: string,
    private readonly runs: LocalRuns,
  ) {}

  async listModels(): Promise<RegisteredModel[]> {
    const names = (await namesIn(join(this.root, 'models'))).map(decodeName);
    const models = await Promise.all(names.map((name) => this.findModel(name)));
    return models.filter((model) => model !== null);
  }

  async findModel(name: string): Promise<RegisteredModel | null> {
    const dir = this.modelDir(name);
    const text = await readFileIfAny(join(dir, 'model.json'));
    if (text === null) return null;
    const record = JSON.parse(text) as { createdAt: number; description: string };
    return {
      name,
      ...record,
      tags: await readValues(join(dir, 'tags')),
      aliases: await this.readAliases(name),
    };
  }

  async createVersion(input: {
    name: string;
    runId: string;
    artifactPath: string;
    tags?: Record<string, string>;
    description?: string;
  }): Promise<ModelVersion> {
    checkModelName(input.name);
    checkModelTags(input.tags ?? {});
    const files = await this.runs.listArtifacts(input.runId, input.artifactPath);
    if (files.length === 0) {
      throw new StoreError(
        'INVALID_PARAMETER_VALUE',
        `Run ${input.runId} has no files under ${input.artifactPath}`,
      );
    }
    const record: VersionRecord = {
      runId: input.runId,
      artifactPath: input.artifactPath,
      createdAt: Date.now(),
      description: input.description ?? '',
    };
    await this.createModel(input.name);
    const version = await this.claimVersion(input.name);
    const dir = this.versionDir(input.name, version);
    if (input.tags) await writeValues(join(dir, 'tags'), 'tag', input.tags);
    // Last: a version without its record does not exist for readers.
    await writeFileAtomic(join(dir, 'version.json'), `${JSON.stringify(record, null, 2)}\n`);
    return this.getVersion(input.name, version);
  }

  async listVersions(name: string): Promise<ModelVersion[]> {
    const numbers = (await this.versionNumbers(name)).sort((a, b) => b - a);
    const aliases = await this.readAliases(name);
    const versions = await Promise.all(numbers.map((version) => this.findVersion(name, version, aliases)));
    return versions.filter((version) => version !== null);
  }

  async getVersion(name: string, version: number): Promise<ModelVersion> {
    const found = await this.findVersion(name, version, await this.readAliases(name));
    if (!found) throw new StoreError('RESOURCE_DOES_NOT_EXIST', `There is no version ${version} of ${name}`);
    return found;
  }

  async findVersionByAlias(name: string, alias: string): Promise<ModelVersion | null> {
    const version = await readFileIfAny(this.aliasFile(name, alias));
    return version === null ? null : this.getVersion(name, Number(version));
  }

  async setAlias(name: string, alias: string, version: number): Promise<void> {
    await this.getVersion(name, version);
    await writeFileAtomic(this.aliasFile(name, alias), String(version));
  }

  async deleteAlias(name: string, alias: string): Promise<void> {
    await rm(this.aliasFile(name, alias), { force: true });
  }

  async setModelTags(name: string, tags: Record<string, string>): Promise<void> {
    checkModelTags(tags);
    if (!(await this.findModel(name))) {
      throw new StoreError('RESOURCE_DOES_NOT_EXIST', `There is no registered model ${name}`);
    }
    await writeValues(join(this.modelDir(name), 'tags'), 'tag', tags);
  }

  async setVersionTags(name: string, version: number, tags: Record<string, string>): Promise<void> {
    checkModelTags(tags);
    await this.getVersion(name, version);
    await writeValues(join(this.versionDir(name, version), 'tags'), 'tag', tags);
  }

  async downloadVersion(name: string, version: number, destination: string): Promise<void> {
    const { runId, artifactPath } = await this.readVersion(name, version);
    await this.runs.downloadArtifacts(runId, artifactPath, destination);
  }

  private modelDir(name: string): string {
    return join(this.root, 'models', encodeModelName(name));
  }

  private versionDir(name: string, version: number): string {
    return join(this.modelDir(name), 'versions', String(version));
  }

  private aliasFile(name: string, alias: string): string {
    checkAlias(alias);
    return join(this.modelDir(name), 'aliases', encodeName('alias', alias));
  }

  private async createModel(name: string): Promise<void> {
    const file = join(this.modelDir(name), 'model.json');
    if (await stat(file).catch(() => null)) return;
    await writeFileAtomic(file, `${JSON.stringify({ createdAt: Date.now(), description: '' }, null, 2)}\n`);
  }

  /** Making a folder fails where it exists, hence of two processes one gets each number. */
  private async claimVersion(name: string): Promise<number> {
    await mkdir(join(this.modelDir(name), 'versions'), { recursive: true });
    for (let version = 1 + Math.max(0, ...(await this.versionNumbers(name))); ; version++) {
      try {
        await mkdir(this.versionDir(name, version));
        return version;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  private async versionNumbers(name: string): Promise<number[]> {
    return (await namesIn(join(this.modelDir(name), 'versions'))).map(Number).filter(Number.isSafeInteger);
  }

  private async readAliases(name: string): Promise<Record<string, number>> {
    const values = await readValues(join(this.modelDir(name), 'aliases'));
    return Object.fromEntries(Object.entries(values).map(([alias, version]) => [alias, Number(version)]));
  }

  private async readVersion(name: string, version: number): Promise<VersionRecord> {
    const text = await readFileIfAny(join(this.versionDir(name, version), 'version.json'));
    if (text === null) {
      throw new StoreError('RESOURCE_DOES_NOT_EXIST', `There is no version ${version} of ${name}`);
    }
    return JSON.parse(text) as VersionRecord;
  }

  private async findVersion(
    name: string,
    version: number,
    aliases: Record<string, number>,
  ): Promise<ModelVersion | null> {
    const dir = this.versionDir(name, version);
    const text = await readFileIfAny(join(dir, 'version.json'));
    if (text === null) return null;
    const record = JSON.parse(text) as VersionRecord;
    return {
      name,
      version,
      runId: record.runId,
      source: `runs:/${record.runId}/${record.artifactPath}`,
      createdAt: record.createdAt,
      description: record.description,
      tags: await readValues(join(dir, 'tags')),
      aliases: Object.keys(aliases).filter((alias) => aliases[alias] === version),
    };
  }
}
