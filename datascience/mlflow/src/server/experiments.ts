import type { HttpClient } from './http-client.js';
import { ServerError } from './server-error.js';
import type { CallOptions } from './server-options.js';
import { collect, fromPairs, readPages, toPairs, type WireExperiment } from './wire.js';

/** A group of runs. */
export interface Experiment {
  experimentId: string;
  name: string;
  artifactLocation: string;
  lifecycleStage: 'active' | 'deleted';
  tags: Record<string, string>;
}

/** Experiments of a server: `/mlflow/experiments`. */
export class Experiments {
  constructor(private readonly http: HttpClient) {}

  /** @throws ServerError `RESOURCE_ALREADY_EXISTS` */
  async create(
    input: { name: string; artifactLocation?: string; tags?: Record<string, string> },
    options?: CallOptions,
  ): Promise<string> {
    const body = {
      name: input.name,
      artifact_location: input.artifactLocation,
      tags: toPairs(input.tags ?? {}),
    };
    const answer = await this.http.post<{ experiment_id: string }>(`${ROOT}/create`, body, options);
    return answer.experiment_id;
  }

  /** @throws ServerError `RESOURCE_DOES_NOT_EXIST` */
  async get(experimentId: string, options?: CallOptions): Promise<Experiment> {
    const query = { experiment_id: experimentId };
    const { experiment } = await this.http.get<Answer>(`${ROOT}/get`, query, options);
    return toExperiment(experiment);
  }

  /** Null where there is none; a deleted one is found too. */
  async findByName(name: string, options?: CallOptions): Promise<Experiment | null> {
    try {
      const query = { experiment_name: name };
      const { experiment } = await this.http.get<Answer>(`${ROOT}/get-by-name`, query, options);
      return toExperiment(experiment);
    } catch (error) {
      if (error instanceof ServerError && error.code === 'RESOURCE_DOES_NOT_EXIST') return null;
      throw error;
    }
  }

  /**
   * The id of the experiment of this name, created with `tags` where there is none; concurrent callers get the same.
   *
   * @throws ServerError `INVALID_PARAMETER_VALUE` where it was deleted: the server keeps its name
   */
  async ensure(
    name: string,
    { tags, ...options }: CallOptions & { tags?: Record<string, string> } = {},
  ): Promise<string> {
    const found =
      (await this.findByName(name, options)) ?? (await this.createOrFind({ name, tags }, options));
    if (found.lifecycleStage === 'deleted') {
      throw new ServerError(
        'INVALID_PARAMETER_VALUE',
        `The experiment ${name} was deleted: restore it in MLflow`,
      );
    }
    return found.experimentId;
  }

  /** Active experiments, newest first. */
  async search(
    { filter, limit }: { filter?: string; limit?: number } = {},
    options?: CallOptions,
  ): Promise<Experiment[]> {
    const pages = readPages(async (page_token) => {
      const body = { filter, max_results: PAGE, page_token };
      const page = await this.http.post<{ experiments?: WireExperiment[]; next_page_token?: string }>(
        `${ROOT}/search`,
        body,
        { ...options, idempotent: true },
      );
      return { items: page.experiments, next_page_token: page.next_page_token };
    });
    return (await collect(pages, limit)).map(toExperiment);
  }

  async setTag(experimentId: string, key: string, value: string, options?: CallOptions): Promise<void> {
    const body = { experiment_id: experimentId, key, value };
    await this.http.post(`${ROOT}/set-experiment-tag`, body, { ...options, idempotent: true });
  }

  private async createOrFind(
    input: { name: string; tags?: Record<string, string> },
    options: CallOptions,
  ): Promise<Experiment> {
    try {
      return await this.get(await this.create(input, options), options);
    } catch (error) {
      const found =
        error instanceof ServerError && error.code === 'RESOURCE_ALREADY_EXISTS'
          ? await this.findByName(input.name, options)
          : null;
      if (found) return found;
      throw error;
    }
  }
}

const ROOT = '/api/2.0/mlflow/experiments';
const PAGE = 1000;

interface Answer {
  experiment: WireExperiment;
}

function toExperiment(wire: WireExperiment): Experiment {
  return {
    experimentId: wire.experiment_id,
    name: wire.name,
    artifactLocation: wire.artifact_location ?? '',
    lifecycleStage: wire.lifecycle_stage === 'deleted' ? 'deleted' : 'active',
    tags: fromPairs(wire.tags),
  };
}
