import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { artifactPathWithin } from '../artifact-paths.js';
import { checkKeys, checkName, checkParams, checkRunTags } from '../names.js';
import {
  StoreError,
  type Metric,
  type Run,
  type RunDataset,
  type RunStatus,
  type TrackingStore,
} from '../store.js';
import { eachOf, mapEach } from '../concurrency.js';
import { modelNameOf, RunModels } from './run-models.js';
import type { MlflowClient } from './mlflow-client.js';
import type { ServerRun } from './runs.js';
import { quote } from './search-filter.js';

/** MLflow's page shows an experiment of this kind as model training, not as one of language models. */
const EXPERIMENT_TAGS = { 'mlflow.experimentKind': 'custom_model_development' };

/** Runs and their artifacts on a server. */
export class ServerRuns implements TrackingStore {
  private readonly models: RunModels;
  /** An experiment's name by its id: names are looked up once. */
  private readonly experimentNames = new Map<string, Promise<string>>();

  constructor(private readonly client: MlflowClient) {
    this.models = new RunModels(client);
  }

  async createRun(input: {
    experiment: string;
    name: string;
    tags?: Record<string, string>;
    startTime?: number;
  }): Promise<Run> {
    checkName('experiment', input.experiment);
    checkRunTags(input.tags ?? {});
    const experimentId = await this.client.experiments.ensure(input.experiment, { tags: EXPERIMENT_TAGS });
    const { name, tags, startTime } = input;
    return this.toRun(await this.client.runs.create({ experimentId, name, tags, startTime }));
  }

  async getRun(runId: string): Promise<Run> {
    return this.toRun(await this.client.runs.get(runId));
  }

  async listExperiments(): Promise<string[]> {
    const experiments = await this.client.experiments.search();
    return experiments.map(({ name }) => name).sort();
  }

  async listRuns(
    experiment: string,
    { limit = 100, tags = {} }: { limit?: number; tags?: Record<string, string> } = {},
  ): Promise<Run[]> {
    const found = await this.client.experiments.findByName(experiment);
    if (found?.lifecycleStage !== 'active') return [];
    const filter = Object.entries(tags)
      .map(([key, value]) => `tags.${quote(key, '`')} = ${quote(value)}`)
      .join(' and ');
    const runs = await this.client.runs.search({
      experimentIds: [found.experimentId],
      filter: filter === '' ? undefined : filter,
      orderBy: ['attributes.start_time DESC'],
      limit,
    });
    return Promise.all(runs.map((run) => this.toRun(run)));
  }

  async logParams(runId: string, params: Record<string, string>): Promise<void> {
    checkParams(params);
    await this.client.runs.logBatch(runId, { params });
  }

  async setTags(runId: string, tags: Record<string, string>): Promise<void> {
    checkRunTags(tags);
    await this.client.runs.logBatch(runId, { tags });
  }

  async logMetrics(runId: string, metrics: readonly Metric[]): Promise<void> {
    checkKeys('metric', new Set(metrics.map(({ key }) => key)));
    await this.client.runs.logBatch(runId, { metrics });
  }

  async getMetricHistory(runId: string, key: string): Promise<Metric[]> {
    await this.client.runs.get(runId);
    return this.client.metrics.history(runId, key);
  }

  async logDatasets(runId: string, datasets: readonly RunDataset[]): Promise<void> {
    await this.client.runs.logDatasets(runId, datasets);
  }

  /** A folder with an `MLmodel` becomes a logged model, which is where MLflow 3 looks for models; the rest are files. */
  async logArtifacts(runId: string, localPath: string, artifactPath: string): Promise<void> {
    const path = artifactPathWithin(artifactPath);
    const run = await this.client.runs.get(runId);
    const isFolder = (await stat(localPath)).isDirectory();
    const isModel = isFolder && (await stat(join(localPath, 'MLmodel')).catch(() => null)) !== null;
    const name = isModel ? modelNameOf(path) : null;
    if (name !== null) await this.models.upload(run, name, localPath);
    else await this.client.artifacts.uploadTree(run.artifactUri, path, localPath);
  }

  async listArtifacts(runId: string, artifactPath = ''): Promise<string[]> {
    const path = artifactPathWithin(artifactPath);
    const run = await this.client.runs.get(runId);
    const files = await this.client.artifacts.list(run.artifactUri, path);
    const ofModels = await mapEach(await this.models.below(run, path), 2, async ({ model, rest }) => {
      const listed = await this.client.artifacts.list(model.artifactUri, rest);
      return listed.map((file) => posix.join(model.name, file.path));
    });
    return [...new Set([...files.map((file) => file.path), ...ofModels.flat()])].sort();
  }

  async downloadArtifacts(runId: string, artifactPath: string, destination: string): Promise<void> {
    const path = artifactPathWithin(artifactPath);
    const run = await this.client.runs.get(runId);
    const models = await this.models.below(run, path);
    const fromRun = await this.client.artifacts
      .downloadTree(run.artifactUri, path, destination)
      .then(() => true)
      .catch((error: unknown) => {
        if (models.length > 0 && isMissing(error)) return false;
        throw error;
      });
    await eachOf(models, 1, async ({ model, rest }) => {
      const target = path === '' ? join(destination, model.name) : destination;
      try {
        await this.client.artifacts.downloadTree(model.artifactUri, rest, target);
      } catch (error) {
        if (!fromRun || !isMissing(error)) throw error;
      }
    });
  }

  async finishRun(runId: string, status: Exclude<RunStatus, 'RUNNING'>, endTime = Date.now()): Promise<void> {
    if (status === 'FINISHED') await this.models.describe(await this.client.runs.get(runId));
    await this.client.runs.update(runId, { status, endTime });
  }

  private async toRun(run: ServerRun): Promise<Run> {
    const { ['mlflow.runName']: _name, ...tags } = run.tags;
    return {
      runId: run.runId,
      experiment: await this.experimentName(run.experimentId),
      name: run.name,
      status: run.status,
      startTime: run.startTime,
      endTime: run.endTime,
      params: run.params,
      tags,
      metrics: Object.fromEntries(run.metrics.map(({ key, value }) => [key, value])),
      datasets: run.datasets,
    };
  }

  private experimentName(experimentId: string): Promise<string> {
    const known = this.experimentNames.get(experimentId);
    if (known) return known;
    const name = this.client.experiments.get(experimentId).then((experiment) => experiment.name);
    this.experimentNames.set(experimentId, name);
    name.catch(() => this.experimentNames.delete(experimentId));
    return name;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'RESOURCE_DOES_NOT_EXIST';
}
