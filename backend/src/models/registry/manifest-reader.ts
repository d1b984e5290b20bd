import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { readPackage, type ModelManifest } from '@vitrine/inference';
import type { ModelStore, ModelVersion } from '@vitrine/mlflow';
import { LRUCache } from 'lru-cache';
import { AppConfig } from '../../config/app-config.js';
import { MODEL_STORE } from './model-store.provider.js';

/** Manifests remembered: a version's never changes. */
const MAX_MANIFESTS = 100;

/** A version whose files are a run's artifacts: one of them can be fetched alone. */
const RUN_SOURCE = /^runs:\/([^/]+)\/(.+)$/;

/** Reads manifests of registered versions, where possible without downloading their models. */
@Injectable()
export class ManifestReader implements OnApplicationBootstrap {
  private readonly manifests = new LRUCache<string, Promise<ModelManifest>>({ max: MAX_MANIFESTS });

  constructor(
    private readonly config: AppConfig,
    @Inject(MODEL_STORE) private readonly store: ModelStore,
  ) {}

  /**
   * The manifest of a version; concurrent calls share one download, a failed one is forgotten.
   *
   * @throws StoreError, PackageError
   */
  read(version: ModelVersion): Promise<ModelManifest> {
    const key = `${version.source} ${version.createdAt}`;
    const known = this.manifests.get(key);
    if (known) return known;
    const reading = this.download(version);
    this.manifests.set(key, reading);
    reading.catch(() => this.manifests.delete(key));
    return reading;
  }

  /** Removes what an interrupted download left. */
  onApplicationBootstrap(): Promise<void> {
    return rm(this.scratchDir, { recursive: true, force: true });
  }

  private async download({ name, version, source }: ModelVersion): Promise<ModelManifest> {
    const dir = join(this.scratchDir, randomUUID());
    const [, runId, path] = RUN_SOURCE.exec(source) ?? [];
    try {
      if (runId) await this.store.downloadArtifacts(runId, `${path}/manifest.json`, dir);
      else await this.store.downloadVersion(name, version, dir);
      return (await readPackage(dir, { verify: false })).manifest;
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }

  private get scratchDir(): string {
    return join(this.config.models.cacheDir, 'manifests.partial');
  }
}
