import type { Metric } from '../store.js';
import type { HttpClient } from './http-client.js';
import type { CallOptions } from './server-options.js';
import { collect, fromPairs, fromWireNumber, readPages, toPairs, type WireLoggedModel } from './wire.js';

/** A model as an entity of its own (MLflow 3): what a run made, with parameters, metrics and files. */
export interface LoggedModel {
  modelId: string;
  experimentId: string;
  name: string;
  /** Where its files are: `mlflow-artifacts:/…` where the server proxies them. */
  artifactUri: string;
  status: LoggedModelStatus;
  sourceRunId: string | null;
  modelType: string;
  tags: Record<string, string>;
  params: Record<string, string>;
  metrics: Metric[];
}

export type LoggedModelStatus = 'PENDING' | 'READY' | 'UPLOAD_FAILED';

/** Logged models of a server: `/mlflow/logged-models`. */
export class LoggedModels {
  constructor(private readonly http: HttpClient) {}

  /** Makes a pending one: its files come next, then `finalize`. */
  async create(
    input: {
      experimentId: string;
      /** MLflow forbids `/ : . % " '` in it. */
      name: string;
      sourceRunId?: string;
      modelType?: string;
      params?: Record<string, string>;
      tags?: Record<string, string>;
    },
    options?: CallOptions,
  ): Promise<LoggedModel> {
    const body = {
      experiment_id: input.experimentId,
      name: input.name,
      source_run_id: input.sourceRunId,
      model_type: input.modelType,
      params: toPairs(input.params ?? {}),
      tags: toPairs(input.tags ?? {}),
    };
    return toLoggedModel((await this.http.post<Answer>(ROOT, body, options)).model);
  }

  /** @throws ServerError `RESOURCE_DOES_NOT_EXIST` */
  async get(modelId: string, options?: CallOptions): Promise<LoggedModel> {
    return toLoggedModel((await this.http.get<Answer>(`${ROOT}/${segment(modelId)}`, {}, options)).model);
  }

  /** Says that the files are there, or that they will not come. */
  async finalize(
    modelId: string,
    status: Exclude<LoggedModelStatus, 'PENDING'>,
    options?: CallOptions,
  ): Promise<void> {
    const body = { model_id: modelId, status: STATUS_NUMBERS[status] };
    await this.http.patch(`${ROOT}/${segment(modelId)}`, body, options);
  }

  /** Newest first unless told otherwise. */
  async search(
    query: { experimentIds: readonly string[]; filter?: string; limit?: number },
    options?: CallOptions,
  ): Promise<LoggedModel[]> {
    const pages = readPages(async (page_token) => {
      const body = {
        experiment_ids: query.experimentIds,
        filter: query.filter,
        max_results: Math.min(PAGE, query.limit ?? PAGE),
        page_token,
      };
      const page = await this.http.post<{ models?: WireLoggedModel[]; next_page_token?: string }>(
        `${ROOT}/search`,
        body,
        { ...options, idempotent: true },
      );
      return { items: page.models, next_page_token: page.next_page_token };
    });
    return (await collect(pages, query.limit)).map(toLoggedModel);
  }

  /** Parameters that it does not have yet: they cannot change. */
  async logParams(modelId: string, params: Record<string, string>, options?: CallOptions): Promise<void> {
    await this.http.post(
      `${ROOT}/${segment(modelId)}/params`,
      { model_id: modelId, params: toPairs(params) },
      options,
    );
  }

  async setTags(modelId: string, tags: Record<string, string>, options?: CallOptions): Promise<void> {
    const body = { model_id: modelId, tags: toPairs(tags) };
    await this.http.patch(`${ROOT}/${segment(modelId)}/tags`, body, options);
  }

  async delete(modelId: string, options?: CallOptions): Promise<void> {
    await this.http.delete(`${ROOT}/${segment(modelId)}`, {}, options);
  }
}

const ROOT = '/api/2.0/mlflow/logged-models';
const PAGE = 50;
/** `LoggedModelStatus` of MLflow's protocol. */
const STATUS_NUMBERS = { READY: 2, UPLOAD_FAILED: 3 } as const;

interface Answer {
  model: WireLoggedModel;
}

function segment(modelId: string): string {
  return encodeURIComponent(modelId);
}

function toLoggedModel({ info, data }: WireLoggedModel): LoggedModel {
  return {
    modelId: info.model_id,
    experimentId: info.experiment_id,
    name: info.name ?? '',
    artifactUri: info.artifact_uri ?? '',
    status: toStatus(info.status),
    sourceRunId: info.source_run_id || null,
    modelType: info.model_type ?? '',
    tags: fromPairs(info.tags),
    params: fromPairs(data?.params),
    metrics: (data?.metrics ?? []).map((metric) => ({
      key: metric.key,
      value: fromWireNumber(metric.value),
      step: Number(metric.step ?? 0),
      timestamp: Number(metric.timestamp ?? 0),
    })),
  };
}

function toStatus(status: string | undefined): LoggedModelStatus {
  if (status === 'LOGGED_MODEL_READY') return 'READY';
  return status === 'LOGGED_MODEL_UPLOAD_FAILED' ? 'UPLOAD_FAILED' : 'PENDING';
}
