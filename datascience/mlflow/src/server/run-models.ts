import type { LoggedModel } from './logged-models.js';
import type { MlflowClient } from './mlflow-client.js';
import type { ServerRun } from './runs.js';
import { quote } from './search-filter.js';

/** Characters that the name of a logged model cannot hold. */
const FORBIDDEN = /[/:.%"']/;
/** What a model that this package logged is said to be. */
const MODEL_TYPE = 'vitrine';

/** The logged model's name for a path of a run's artifacts, or null where the path cannot be one. */
export function modelNameOf(artifactPath: string): string | null {
  return artifactPath === '' || FORBIDDEN.test(artifactPath) ? null : artifactPath;
}

/** The logged model that a run made under a name, or null; of several the newest that is ready. */
export async function findRunModel(
  client: MlflowClient,
  run: Pick<ServerRun, 'runId' | 'experimentId'>,
  name: string,
): Promise<LoggedModel | null> {
  const filter = `source_run_id = ${quote(run.runId)} and name = ${quote(name)}`;
  const models = await client.loggedModels.search({ experimentIds: [run.experimentId], filter });
  return models.find((model) => model.status === 'READY') ?? models[0] ?? null;
}

/**
 * The models of a run as MLflow 3 keeps them: entities of their own, with their own files. To the run they look like
 * folders of its artifacts, as they do in MLflow's own client.
 */
export class RunModels {
  constructor(private readonly client: MlflowClient) {}

  /** Uploads a model's folder; one that was begun and not finished is gone on with. */
  async upload(run: ServerRun, name: string, dir: string): Promise<void> {
    const model =
      (await findRunModel(this.client, run, name)) ??
      (await this.client.loggedModels.create({
        experimentId: run.experimentId,
        name,
        sourceRunId: run.runId,
        modelType: MODEL_TYPE,
      }));
    await this.client.artifacts.uploadTree(model.artifactUri, '', dir);
    await this.client.loggedModels.finalize(model.modelId, 'READY');
    if (!run.modelIds.includes(model.modelId)) {
      await this.client.runs.logOutputs(run.runId, [{ modelId: model.modelId, step: 0 }]);
    }
  }

  /** The run's models that `path` reaches into, each with the rest of the path within it; '' reaches into all. */
  async below(run: ServerRun, path: string): Promise<{ model: LoggedModel; rest: string }[]> {
    const [first = '', ...rest] = path.split('/');
    if (first !== '' && modelNameOf(first) === null) return [];
    if (first !== '') {
      const model = await findRunModel(this.client, run, first);
      return model ? [{ model, rest: rest.join('/') }] : [];
    }
    return (await this.all(run)).map((model) => ({ model, rest: '' }));
  }

  /** Copies the run's parameters and last metrics to its models: MLflow shows and compares models by them. */
  async describe(run: ServerRun): Promise<void> {
    for (const model of await this.all(run)) {
      const params = withoutKeys(run.params, model.params);
      if (Object.keys(params).length > 0) await this.client.loggedModels.logParams(model.modelId, params);
      const known = new Set(model.metrics.map(({ key, step, timestamp }) => `${key} ${step} ${timestamp}`));
      const metrics = run.metrics
        .filter(({ key, step, timestamp }) => !known.has(`${key} ${step} ${timestamp}`))
        .map((metric) => ({ ...metric, modelId: model.modelId }));
      await this.client.runs.logBatch(run.runId, { metrics });
    }
  }

  private async all(run: ServerRun): Promise<LoggedModel[]> {
    const filter = `source_run_id = ${quote(run.runId)}`;
    const models = await this.client.loggedModels.search({ experimentIds: [run.experimentId], filter });
    const byName = new Map<string, LoggedModel>();
    for (const model of models) {
      const known = byName.get(model.name);
      if (!known || (known.status !== 'READY' && model.status === 'READY')) byName.set(model.name, model);
    }
    return [...byName.values()];
  }
}

function withoutKeys(values: Record<string, string>, known: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !(key in known)));
}
