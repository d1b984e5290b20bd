import type { AnyManifest, ModelPackage } from '@vitrine/inference';
import { METRIC_TAG_PREFIX, type ModelStore, type ModelVersion } from '@vitrine/mlflow';

/**
 * Registers a packaged model, logged to its run as `model`, as the next version of a name; its metrics and what it
 * was measured on become tags. A version of the same run is taken for what an interrupted registration left.
 */
export async function registerVersion(
  store: ModelStore,
  name: string,
  pkg: ModelPackage<AnyManifest>,
  setStaging: boolean,
): Promise<ModelVersion> {
  const { manifest } = pkg;
  const metricTags = Object.entries(manifest.metrics).map(([key, value]) => [
    METRIC_TAG_PREFIX + key,
    String(value),
  ]);
  const version =
    (await findVersion(store, name, manifest.runId)) ??
    (await store.createVersion({
      name,
      runId: manifest.runId,
      artifactPath: 'model',
      tags: {
        modality: manifest.modality,
        dataset_hash: manifest.datasetHash,
        test_hash: manifest.testHash,
        ...(Object.fromEntries(metricTags) as Record<string, string>),
      },
    }));
  if (setStaging) await store.setAlias(name, 'staging', version.version);
  return store.getVersion(name, version.version);
}

async function findVersion(store: ModelStore, name: string, runId: string): Promise<ModelVersion | null> {
  const versions = await store.listVersions(name);
  return versions.find((version) => version.runId === runId) ?? null;
}
