import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { readPackage, type ModelManifest } from '@vitrine/inference';
import { parseModelUri, type ModelStore, type ModelVersion } from '@vitrine/mlflow';
import { LRUCache } from 'lru-cache';
import { AppConfig } from '../../config/app-config.js';
import { MODEL_STORE } from './model-store.provider.js';

/** Manifests remembered: a version's never changes. */
const MAX_MANIFESTS = 100;

/** Reads manifests of registered versions without downloading their models. */
@Injectable()
export class ManifestReader {
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
    const reading = this.download(version.source);
    this.manifests.set(key, reading);
    reading.catch(() => this.manifests.delete(key));
    return reading;
  }

  private async download(source: string): Promise<ModelManifest> {
    const uri = parseModelUri(source);
    if (uri.kind !== 'run') return (await readPackage(source, { verify: false })).manifest;
    const dir = join(this.config.models.cacheDir, `manifest-${randomUUID()}.partial`);
    try {
      await this.store.downloadArtifacts(uri.runId, `${uri.artifactPath}/manifest.json`, dir);
      return (await readPackage(dir, { verify: false })).manifest;
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }
}
