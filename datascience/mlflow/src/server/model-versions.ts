import type { HttpClient } from './http-client.js';
import type { CallOptions } from './server-options.js';
import { collect, fromPairs, readPages, toPairs, type WireModelVersion } from './wire.js';

/** One version of a registered model as the server keeps it. */
export interface ServerModelVersion {
  name: string;
  version: number;
  /** Milliseconds since 1970. */
  createdAt: number;
  description: string;
  /** As it was registered: `models:/<logged model>`, `runs:/…` or where the files are. */
  source: string;
  runId: string | null;
  /** The logged model that it is, or null where it was registered from files alone. */
  modelId: string | null;
  /** `None`, `Staging`, `Production` or `Archived`, on servers that still have stages. */
  stage: string;
  tags: Record<string, string>;
  aliases: string[];
}

/** Versions of registered models of a server: `/mlflow/model-versions`. */
export class ModelVersions {
  constructor(private readonly http: HttpClient) {}

  async create(
    input: {
      name: string;
      source: string;
      runId?: string;
      modelId?: string;
      tags?: Record<string, string>;
      description?: string;
    },
    options?: CallOptions,
  ): Promise<ServerModelVersion> {
    const body = {
      name: input.name,
      source: input.source,
      run_id: input.runId,
      model_id: input.modelId,
      tags: toPairs(input.tags ?? {}),
      description: input.description,
    };
    return toServerVersion((await this.http.post<Answer>(`${ROOT}/create`, body, options)).model_version);
  }

  /** @throws ServerError `RESOURCE_DOES_NOT_EXIST` */
  async get(name: string, version: number, options?: CallOptions): Promise<ServerModelVersion> {
    const query = { name, version };
    return toServerVersion((await this.http.get<Answer>(`${ROOT}/get`, query, options)).model_version);
  }

  /** Newest first. A search may leave aliases out: the registered model has them. */
  async search(
    { filter, limit }: { filter: string; limit?: number },
    options?: CallOptions,
  ): Promise<ServerModelVersion[]> {
    const pages = readPages(async (page_token) => {
      const query = { filter, max_results: PAGE, order_by: 'version_number DESC', page_token };
      const page = await this.http.get<{ model_versions?: WireModelVersion[]; next_page_token?: string }>(
        `${ROOT}/search`,
        query,
        options,
      );
      return { items: page.model_versions, next_page_token: page.next_page_token };
    });
    return (await collect(pages, limit)).map(toServerVersion);
  }

  /** Where the version's files are. */
  async getDownloadUri(name: string, version: number, options?: CallOptions): Promise<string> {
    const query = { name, version };
    const answer = await this.http.get<{ artifact_uri?: string }>(`${ROOT}/get-download-uri`, query, options);
    return answer.artifact_uri ?? '';
  }

  async setTag(
    name: string,
    version: number,
    key: string,
    value: string,
    options?: CallOptions,
  ): Promise<void> {
    const body = { name, version: String(version), key, value };
    await this.http.post(`${ROOT}/set-tag`, body, { ...options, idempotent: true });
  }

  async setDescription(
    name: string,
    version: number,
    description: string,
    options?: CallOptions,
  ): Promise<void> {
    await this.http.patch(`${ROOT}/update`, { name, version: String(version), description }, options);
  }

  /** For servers whose users still work with stages; aliases replace them. */
  async setStage(
    name: string,
    version: number,
    stage: 'None' | 'Staging' | 'Production' | 'Archived',
    options?: CallOptions,
  ): Promise<void> {
    const body = { name, version: String(version), stage, archive_existing_versions: false };
    await this.http.post(`${ROOT}/transition-stage`, body, { ...options, idempotent: true });
  }

  async delete(name: string, version: number, options?: CallOptions): Promise<void> {
    await this.http.delete(`${ROOT}/delete`, { name, version: String(version) }, options);
  }
}

const ROOT = '/api/2.0/mlflow/model-versions';
const PAGE = 200;

interface Answer {
  model_version: WireModelVersion;
}

/** A version from the server's JSON. */
export function toServerVersion(wire: WireModelVersion): ServerModelVersion {
  return {
    name: wire.name,
    version: Number(wire.version),
    createdAt: Number(wire.creation_timestamp ?? 0),
    description: wire.description ?? '',
    source: wire.source ?? '',
    runId: wire.run_id || null,
    modelId: wire.model_id || null,
    stage: wire.current_stage ?? 'None',
    tags: fromPairs(wire.tags),
    aliases: wire.aliases ?? [],
  };
}
