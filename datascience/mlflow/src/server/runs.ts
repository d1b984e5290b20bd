import type { Metric, RunDataset, RunStatus } from '../store.js';
import { batchesOf } from './log-batch.js';
import type { HttpClient } from './http-client.js';
import type { CallOptions } from './server-options.js';
import {
  collect,
  fromPairs,
  fromWireNumber,
  readPages,
  toPairs,
  type WireDatasetInput,
  type WireRun,
} from './wire.js';

/** One run as the server keeps it. */
export interface ServerRun {
  runId: string;
  experimentId: string;
  name: string;
  status: RunStatus;
  /** Milliseconds since 1970. */
  startTime: number;
  endTime: number | null;
  /** Where its artifacts are: `mlflow-artifacts:/…` where the server proxies them. */
  artifactUri: string;
  lifecycleStage: 'active' | 'deleted';
  params: Record<string, string>;
  tags: Record<string, string>;
  /** The last value of each metric. */
  metrics: Metric[];
  datasets: RunDataset[];
  /** Ids of the logged models that it made. */
  modelIds: string[];
}

/** What one call may write to a run at once. */
export interface RunBatch {
  /** With `modelId` a metric is shown with the logged model too. */
  metrics?: readonly (Metric & { modelId?: string })[];
  params?: Record<string, string>;
  tags?: Record<string, string>;
}

/** Runs of a server: `/mlflow/runs`. */
export class Runs {
  constructor(private readonly http: HttpClient) {}

  async create(
    input: { experimentId: string; name: string; startTime?: number; tags?: Record<string, string> },
    options?: CallOptions,
  ): Promise<ServerRun> {
    const body = {
      experiment_id: input.experimentId,
      run_name: input.name,
      start_time: input.startTime ?? Date.now(),
      tags: toPairs(input.tags ?? {}),
    };
    return toServerRun((await this.http.post<Answer>(`${ROOT}/create`, body, options)).run);
  }

  /** @throws ServerError `RESOURCE_DOES_NOT_EXIST` */
  async get(runId: string, options?: CallOptions): Promise<ServerRun> {
    return toServerRun((await this.http.get<Answer>(`${ROOT}/get`, { run_id: runId }, options)).run);
  }

  async update(
    runId: string,
    changes: { status?: RunStatus; endTime?: number; name?: string },
    options?: CallOptions,
  ): Promise<void> {
    const body = {
      run_id: runId,
      status: changes.status,
      end_time: changes.endTime,
      run_name: changes.name,
    };
    await this.http.post(`${ROOT}/update`, body, { ...options, idempotent: true });
  }

  /**
   * Runs of experiments, page after page.
   *
   * @param query.filter MLflow's search syntax, e.g. `metrics.f1 > 0.9 and tags.modality = 'text'`
   * @param query.orderBy e.g. `['attributes.start_time DESC']`
   */
  async search(
    query: { experimentIds: readonly string[]; filter?: string; orderBy?: readonly string[]; limit?: number },
    options?: CallOptions,
  ): Promise<ServerRun[]> {
    const pages = readPages(async (page_token) => {
      const body = {
        experiment_ids: query.experimentIds,
        filter: query.filter,
        order_by: query.orderBy,
        max_results: Math.min(PAGE, query.limit ?? PAGE),
        page_token,
      };
      const page = await this.http.post<{ runs?: WireRun[]; next_page_token?: string }>(
        `${ROOT}/search`,
        body,
        {
          ...options,
          idempotent: true,
        },
      );
      return { items: page.runs, next_page_token: page.next_page_token };
    });
    return (await collect(pages, query.limit)).map(toServerRun);
  }

  /** Metrics, parameters and tags in as few calls as the server's limits allow. */
  async logBatch(runId: string, batch: RunBatch, options?: CallOptions): Promise<void> {
    for (const part of batchesOf(batch)) {
      await this.http.post(`${ROOT}/log-batch`, { run_id: runId, ...part }, { ...options, idempotent: true });
    }
  }

  /** Data sets that the run read. */
  async logDatasets(runId: string, datasets: readonly RunDataset[], options?: CallOptions): Promise<void> {
    const body = { run_id: runId, datasets: datasets.map(toDatasetInput) };
    await this.http.post(`${ROOT}/log-inputs`, body, { ...options, idempotent: true });
  }

  /** Logged models that the run made: they show on its page. */
  async logOutputs(
    runId: string,
    models: readonly { modelId: string; step: number }[],
    options?: CallOptions,
  ): Promise<void> {
    const body = { run_id: runId, models: models.map(({ modelId, step }) => ({ model_id: modelId, step })) };
    await this.http.post(`${ROOT}/outputs`, body, { ...options, idempotent: true });
  }

  /** Marks a run deleted; the server keeps it until it is collected. */
  async delete(runId: string, options?: CallOptions): Promise<void> {
    await this.http.post(`${ROOT}/delete`, { run_id: runId }, { ...options, idempotent: true });
  }
}

const ROOT = '/api/2.0/mlflow/runs';
const PAGE = 1000;
const DATASET_CONTEXT = 'mlflow.data.context';

interface Answer {
  run: WireRun;
}

function toServerRun({ info, data, inputs, outputs }: WireRun): ServerRun {
  return {
    runId: info.run_id,
    experimentId: info.experiment_id,
    name: info.run_name ?? '',
    status: toStatus(info.status),
    startTime: Number(info.start_time ?? 0),
    endTime: Number(info.end_time ?? 0) || null,
    artifactUri: info.artifact_uri ?? '',
    lifecycleStage: info.lifecycle_stage === 'deleted' ? 'deleted' : 'active',
    params: fromPairs(data?.params),
    tags: fromPairs(data?.tags),
    metrics: (data?.metrics ?? []).map((metric) => ({
      key: metric.key,
      value: fromWireNumber(metric.value),
      step: Number(metric.step ?? 0),
      timestamp: Number(metric.timestamp ?? 0),
    })),
    datasets: (inputs?.dataset_inputs ?? []).map(toRunDataset),
    modelIds: (outputs?.model_outputs ?? []).map((output) => output.model_id),
  };
}

function toStatus(status: string | undefined): RunStatus {
  return status === 'FINISHED' || status === 'FAILED' || status === 'KILLED' ? status : 'RUNNING';
}

function toDatasetInput({ name, digest, source, context }: RunDataset): WireDatasetInput {
  return {
    tags: context === '' ? [] : [{ key: DATASET_CONTEXT, value: context }],
    dataset: { name, digest, source_type: 'local', source: JSON.stringify({ uri: source }) },
  };
}

function toRunDataset({ dataset, tags }: WireDatasetInput): RunDataset {
  return {
    name: dataset.name,
    digest: dataset.digest,
    source: uriOf(dataset.source),
    context: fromPairs(tags)[DATASET_CONTEXT] ?? '',
  };
}

/** A source is JSON of its type's own making; ours, and those of files, hold a `uri`. */
function uriOf(source: string): string {
  try {
    const { uri } = JSON.parse(source) as { uri?: unknown };
    return typeof uri === 'string' ? uri : source;
  } catch {
    return source;
  }
}
