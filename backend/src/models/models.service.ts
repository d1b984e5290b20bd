import { Inject, Injectable } from '@nestjs/common';
import type { Category, Modality, ModelManifest } from '@vitrine/inference';
import type { ModelStore, ModelVersion, RegisteredModel } from '@vitrine/mlflow';
import type { Page, PageQueryDto } from '../common/crud/page.dto.js';
import type { ModelDto, ModelVersionDto, ServingDto } from './dto/model.dto.js';
import { ModelHost } from './host/model-host.js';
import {
  isMissing,
  ModelNotFoundError,
  ModelVersionNotFoundError,
  NoModelReadyError,
} from './models.errors.js';
import { askRegistry } from './registry/ask-registry.js';
import { ManifestReader } from './registry/manifest-reader.js';
import { TabularHost } from './tabular/tabular-host.js';
import { MODEL_STORE } from './registry/model-store.provider.js';

/** Versions of each model in a list of models. */
const LISTED_VERSIONS = 10;
/** Tags of a version that carry its metrics, measured on the test split at training time. */
const METRIC_TAG = /^metrics\.(.+)$/;
/** Whose categories stand for the product: the model that answers for most first. */
const CATEGORY_SOURCES: readonly Modality[] = ['fusion', 'text', 'image'];

/** The registry as callers see it. */
@Injectable()
export class ModelsService {
  constructor(
    @Inject(MODEL_STORE) private readonly store: ModelStore,
    private readonly host: ModelHost,
    private readonly tabular: TabularHost,
    private readonly manifests: ManifestReader,
  ) {}

  /** @throws RegistryUnavailableError */
  async listModels({ offset, limit }: PageQueryDto): Promise<Page<ModelDto>> {
    const models = await askRegistry(() => this.store.listModels());
    const page = models.sort((a, b) => a.name.localeCompare(b.name)).slice(offset, offset + limit);
    const items = await Promise.all(page.map((model) => this.describe(model, LISTED_VERSIONS)));
    return { items, total: models.length, offset, limit };
  }

  /** @throws ModelNotFoundError, RegistryUnavailableError */
  async getModel(name: string): Promise<ModelDto> {
    const model = await askRegistry(() => this.store.findModel(name)).catch((error: unknown) => {
      throw isMissing(error) ? new ModelNotFoundError({ cause: error }) : error;
    });
    if (!model) throw new ModelNotFoundError();
    return this.describe(model, Infinity);
  }

  /**
   * The categories of what is in service.
   *
   * @throws NoModelReadyError
   */
  getCategories(): Category[] {
    for (const modality of CATEGORY_SOURCES) {
      const model = this.host.current(modality);
      if (model) return model.manifest.categories;
    }
    throw new NoModelReadyError();
  }

  /** Name of the registered model that answers for a modality. */
  getModelName(modality: Modality): string {
    return this.host.nameOf(modality);
  }

  /**
   * The manifest of any registered version; of those in service without asking the registry.
   *
   * @throws ModelVersionNotFoundError, ModelNotLoadableError, RegistryUnavailableError
   */
  async getManifest(name: string, version: number): Promise<ModelManifest> {
    const served = this.host.findServed(name, version);
    if (served) return served.manifest;
    try {
      return await askRegistry(async () => this.manifests.read(await this.store.getVersion(name, version)));
    } catch (error) {
      throw isMissing(error) ? new ModelVersionNotFoundError({ cause: error }) : error;
    }
  }

  /** How a registered model is being served; null where it is none of those. */
  getServing(name: string): ServingDto | null {
    const tabular = this.tabular.status().map((model) => ({ ...model, modality: 'tabular' as const }));
    const status = [...this.host.status(), ...tabular].find((candidate) => candidate.name === name);
    if (!status) return null;
    const { modality, state, version, wantedVersion, reason } = status;
    return { modality, state, version, wanted_version: wantedVersion, reason };
  }

  private async describe(model: RegisteredModel, versionLimit: number): Promise<ModelDto> {
    const versions = await askRegistry(() => this.store.listVersions(model.name));
    return {
      name: model.name,
      created_at: new Date(model.createdAt),
      description: model.description,
      aliases: model.aliases,
      serving: this.getServing(model.name),
      versions: versions.slice(0, versionLimit).map((version) => this.describeVersion(version, model)),
    };
  }

  private describeVersion(version: ModelVersion, model: RegisteredModel): ModelVersionDto {
    const { metrics, tags } = splitTags(version.tags);
    return {
      version: version.version,
      created_at: new Date(version.createdAt),
      run_id: version.runId,
      description: version.description,
      aliases: Object.keys(model.aliases).filter((alias) => model.aliases[alias] === version.version),
      tags,
      metrics,
      is_served: this.isServed(version),
    };
  }

  private isServed({ name, version }: ModelVersion): boolean {
    return this.host.findServed(name, version) !== null || this.tabular.current(name)?.version === version;
  }
}

/** Tags that hold metrics as numbers, apart from the others. */
function splitTags(all: Record<string, string>): {
  metrics: Record<string, number>;
  tags: Record<string, string>;
} {
  const metrics: Record<string, number> = {};
  const tags: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    const metric = METRIC_TAG.exec(name)?.[1];
    if (metric === undefined) tags[name] = value;
    else metrics[metric] = Number(value);
  }
  return { metrics, tags };
}
