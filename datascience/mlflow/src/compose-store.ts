import type { ModelRegistry, ModelStore, TrackingStore } from './store.js';

/** One store of its two halves: runs with their artifacts, and registered models. */
export function composeStore(
  place: Pick<ModelStore, 'location' | 'ping'>,
  runs: TrackingStore,
  models: ModelRegistry,
): ModelStore {
  return {
    ...place,
    createRun: (input) => runs.createRun(input),
    getRun: (runId) => runs.getRun(runId),
    listExperiments: () => runs.listExperiments(),
    listRuns: (experiment, options) => runs.listRuns(experiment, options),
    logParams: (runId, params) => runs.logParams(runId, params),
    logMetrics: (runId, metrics) => runs.logMetrics(runId, metrics),
    getMetricHistory: (runId, key) => runs.getMetricHistory(runId, key),
    setTags: (runId, tags) => runs.setTags(runId, tags),
    logDatasets: (runId, datasets) => runs.logDatasets(runId, datasets),
    logArtifacts: (runId, localPath, artifactPath) => runs.logArtifacts(runId, localPath, artifactPath),
    listArtifacts: (runId, artifactPath) => runs.listArtifacts(runId, artifactPath),
    downloadArtifacts: (runId, artifactPath, to) => runs.downloadArtifacts(runId, artifactPath, to),
    finishRun: (runId, status, endTime) => runs.finishRun(runId, status, endTime),
    listModels: () => models.listModels(),
    findModel: (name) => models.findModel(name),
    createVersion: (input) => models.createVersion(input),
    listVersions: (name) => models.listVersions(name),
    getVersion: (name, version) => models.getVersion(name, version),
    findVersionByAlias: (name, alias) => models.findVersionByAlias(name, alias),
    setAlias: (name, alias, version) => models.setAlias(name, alias, version),
    deleteAlias: (name, alias) => models.deleteAlias(name, alias),
    setModelTags: (name, tags) => models.setModelTags(name, tags),
    setVersionTags: (name, version, tags) => models.setVersionTags(name, version, tags),
    downloadVersion: (name, version, destination) => models.downloadVersion(name, version, destination),
  };
}
