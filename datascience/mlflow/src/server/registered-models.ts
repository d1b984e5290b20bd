import type { RegisteredModel } from '../store.js';
import type { HttpClient } from './http-client.js';
import { toServerVersion, type ServerModelVersion } from './model-versions.js';
import { ServerError } from './server-error.js';
import type { CallOptions } from './server-options.js';
import {
  collect,
  fromPairs,
  readPages,
  toPairs,
  type WireModelVersion,
  type WireRegisteredModel,
} from './wire.js';

/** Registered models of a server and their aliases: `/mlflow/registered-models`. */
export class RegisteredModels {
  constructor(private readonly http: HttpClient) {}

  /** @throws ServerError `RESOURCE_ALREADY_EXISTS` */
  async create(
    input: { name: string; description?: string; tags?: Record<string, string> },
    options?: CallOptions,
  ): Promise<RegisteredModel> {
    const body = { ...input, tags: toPairs(input.tags ?? {}) };
    return toRegisteredModel(
      (await this.http.post<Answer>(`${ROOT}/create`, body, options)).registered_model,
    );
  }

  /** Null where there is none. */
  async find(name: string, options?: CallOptions): Promise<RegisteredModel | null> {
    try {
      const { registered_model } = await this.http.get<Answer>(`${ROOT}/get`, { name }, options);
      return toRegisteredModel(registered_model);
    } catch (error) {
      if (isUnknown(error)) return null;
      throw error;
    }
  }

  /** Names of registered models, in alphabetical order. A search may leave aliases out: `find` has them. */
  async searchNames(
    { filter, limit }: { filter?: string; limit?: number } = {},
    options?: CallOptions,
  ): Promise<string[]> {
    const pages = readPages(async (page_token) => {
      const query = { filter, max_results: PAGE, page_token };
      const page = await this.http.get<{
        registered_models?: WireRegisteredModel[];
        next_page_token?: string;
      }>(`${ROOT}/search`, query, options);
      return { items: page.registered_models, next_page_token: page.next_page_token };
    });
    return (await collect(pages, limit)).map(({ name }) => name);
  }

  async setTag(name: string, key: string, value: string, options?: CallOptions): Promise<void> {
    await this.http.post(`${ROOT}/set-tag`, { name, key, value }, { ...options, idempotent: true });
  }

  async setAlias(name: string, alias: string, version: number, options?: CallOptions): Promise<void> {
    const body = { name, alias, version: String(version) };
    await this.http.post(`${ROOT}/alias`, body, { ...options, idempotent: true });
  }

  /** One that is not there is none to delete. */
  async deleteAlias(name: string, alias: string, options?: CallOptions): Promise<void> {
    try {
      await this.http.delete(`${ROOT}/alias`, { name, alias }, options);
    } catch (error) {
      if (!isMissingAlias(error)) throw error;
    }
  }

  /** Null where the model or the alias does not exist: the server answers the latter as an invalid parameter. */
  async findVersionByAlias(
    name: string,
    alias: string,
    options?: CallOptions,
  ): Promise<ServerModelVersion | null> {
    try {
      const query = { name, alias };
      const { model_version } = await this.http.get<{ model_version: WireModelVersion }>(
        `${ROOT}/alias`,
        query,
        options,
      );
      return toServerVersion(model_version);
    } catch (error) {
      if (isMissingAlias(error)) return null;
      throw error;
    }
  }

  async delete(name: string, options?: CallOptions): Promise<void> {
    await this.http.delete(`${ROOT}/delete`, { name }, options);
  }
}

const ROOT = '/api/2.0/mlflow/registered-models';
const PAGE = 200;

interface Answer {
  registered_model: WireRegisteredModel;
}

function isUnknown(error: unknown): boolean {
  return error instanceof ServerError && error.serverCode === 'RESOURCE_DOES_NOT_EXIST';
}

/** A missing alias is `INVALID_PARAMETER_VALUE` on a server; an address that is no server's has no code of its own. */
function isMissingAlias(error: unknown): boolean {
  return isUnknown(error) || (error instanceof ServerError && error.serverCode === 'INVALID_PARAMETER_VALUE');
}

function toRegisteredModel(wire: WireRegisteredModel): RegisteredModel {
  return {
    name: wire.name,
    createdAt: Number(wire.creation_timestamp ?? 0),
    description: wire.description ?? '',
    tags: fromPairs(wire.tags),
    aliases: Object.fromEntries((wire.aliases ?? []).map(({ alias, version }) => [alias, Number(version)])),
  };
}
