import { setTimeout as wait } from 'node:timers/promises';
import { artifactPathWithin } from '../artifact-paths.js';
import { checkAlias, checkModelName, checkModelTags } from '../names.js';
import { StoreError, type ModelRegistry, type ModelVersion, type RegisteredModel } from '../store.js';
import { eachOf, mapEach } from '../concurrency.js';
import type { MlflowClient } from './mlflow-client.js';
import type { ServerModelVersion } from './model-versions.js';
import { findRunModel, modelNameOf } from './run-models.js';
import { quote } from './search-filter.js';
import { ServerError } from './server-error.js';

/** Registered models, their versions and aliases on a server. */
export class ServerModels implements ModelRegistry {
  /** The name of a logged model by its id: it never changes. */
  private readonly modelNames = new Map<string, Promise<string>>();

  constructor(private readonly client: MlflowClient) {}

  async listModels(): Promise<RegisteredModel[]> {
    const names = await this.client.registeredModels.searchNames();
    const models = await mapEach(names, CALLS, (name) => this.client.registeredModels.find(name));
    return models.filter((model) => model !== null);
  }

  async findModel(name: string): Promise<RegisteredModel | null> {
    checkModelName(name);
    return this.client.registeredModels.find(name);
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
    const { source, modelId } = await this.sourceOf(input.runId, artifactPathWithin(input.artifactPath));
    await this.ensureModel(input.name);
    const { name, runId, tags, description } = input;
    const created = await this.createNumbered(() =>
      this.client.modelVersions.create({ name, source, runId, modelId, tags, description }),
    );
    return this.toVersion(created);
  }

  async listVersions(name: string): Promise<ModelVersion[]> {
    checkModelName(name);
    const versions = await this.client.modelVersions.search({ filter: `name = ${quote(name)}` });
    if (versions.length === 0) return [];
    // A search may leave aliases out; the registered model has them.
    const aliases = Object.entries((await this.client.registeredModels.find(name))?.aliases ?? {});
    versions.sort((a, b) => b.version - a.version);
    return mapEach(versions, CALLS, (version) =>
      this.toVersion({
        ...version,
        aliases: aliases.filter(([, target]) => target === version.version).map(([alias]) => alias),
      }),
    );
  }

  async getVersion(name: string, version: number): Promise<ModelVersion> {
    checkModelName(name);
    return this.toVersion(await this.client.modelVersions.get(name, version));
  }

  async findVersionByAlias(name: string, alias: string): Promise<ModelVersion | null> {
    checkModelName(name);
    checkAlias(alias);
    const version = await this.client.registeredModels.findVersionByAlias(name, alias);
    return version ? this.toVersion(version) : null;
  }

  async setAlias(name: string, alias: string, version: number): Promise<void> {
    checkModelName(name);
    checkAlias(alias);
    await this.client.registeredModels.setAlias(name, alias, version);
  }

  async deleteAlias(name: string, alias: string): Promise<void> {
    checkModelName(name);
    checkAlias(alias);
    await this.client.registeredModels.deleteAlias(name, alias);
  }

  async setModelTags(name: string, tags: Record<string, string>): Promise<void> {
    checkModelName(name);
    checkModelTags(tags);
    await eachOf(Object.entries(tags), CALLS, ([key, value]) =>
      this.client.registeredModels.setTag(name, key, value),
    );
  }

  async setVersionTags(name: string, version: number, tags: Record<string, string>): Promise<void> {
    checkModelName(name);
    checkModelTags(tags);
    await eachOf(Object.entries(tags), CALLS, ([key, value]) =>
      this.client.modelVersions.setTag(name, version, key, value),
    );
  }

  async downloadVersion(name: string, version: number, destination: string): Promise<void> {
    checkModelName(name);
    const uri = await this.client.modelVersions.getDownloadUri(name, version);
    await this.client.artifacts.downloadTree(uri, '', destination);
  }

  /** What a version is registered from: the run's logged model of that name, else the files of the run. */
  private async sourceOf(runId: string, path: string): Promise<{ source: string; modelId?: string }> {
    const run = await this.client.runs.get(runId);
    const name = modelNameOf(path);
    const model = name === null ? null : await findRunModel(this.client, run, name);
    if (model?.status === 'READY') return { source: `models:/${model.modelId}`, modelId: model.modelId };
    const files = model ? [] : await this.client.artifacts.list(run.artifactUri, path);
    if (files.length === 0) {
      throw new StoreError('INVALID_PARAMETER_VALUE', `Run ${runId} has no files under ${path}`);
    }
    return { source: `${run.artifactUri}/${path}` };
  }

  private async ensureModel(name: string): Promise<void> {
    if (await this.client.registeredModels.find(name)) return;
    try {
      await this.client.registeredModels.create({ name });
    } catch (error) {
      if (!(error instanceof ServerError && error.code === 'RESOURCE_ALREADY_EXISTS')) throw error;
    }
  }

  /** Under many registrations at once the server gives up finding a free number; it has created nothing then. */
  private async createNumbered<T>(create: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await create();
      } catch (error) {
        const conflict = error instanceof ServerError && /Giving up after \d+ attempts/.test(error.message);
        if (!conflict || attempt === NUMBERING_ATTEMPTS) throw error;
        await wait(Math.random() * NUMBERING_DELAY_MS * attempt);
      }
    }
  }

  private async toVersion(version: ServerModelVersion): Promise<ModelVersion> {
    return {
      name: version.name,
      version: version.version,
      runId: version.runId,
      source: await this.sourceUriOf(version),
      createdAt: version.createdAt,
      description: version.description,
      tags: version.tags,
      aliases: version.aliases,
    };
  }

  /** `runs:/<id>/<path>` where the files are a run's; else what the server has. */
  private async sourceUriOf({ source, runId, modelId }: ServerModelVersion): Promise<string> {
    if (runId === null) return source;
    // The answer to a registration leaves the model's id out; the source has it.
    const model = modelId ?? /^models:\/(m-[^/]+)$/.exec(source)?.[1];
    if (model !== undefined) return `runs:/${runId}/${await this.modelName(model)}`;
    const path = source.split(`/${runId}/artifacts/`)[1];
    return path === undefined ? source : `runs:/${runId}/${path}`;
  }

  private modelName(modelId: string): Promise<string> {
    const known = this.modelNames.get(modelId);
    if (known) return known;
    if (this.modelNames.size >= MAX_MODEL_NAMES) this.modelNames.clear();
    const name = this.client.loggedModels.get(modelId).then((model) => model.name);
    this.modelNames.set(modelId, name);
    name.catch(() => this.modelNames.delete(modelId));
    return name;
  }
}

/** Small calls at once. */
const CALLS = 4;
const MAX_MODEL_NAMES = 10_000;
const NUMBERING_ATTEMPTS = 20;
const NUMBERING_DELAY_MS = 100;
