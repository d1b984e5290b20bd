import type { ModelStore } from '../store.js';
import { MlflowClient } from './mlflow-client.js';
import { ServerModels } from './server-models.js';
import type { ServerOptions } from './server-options.js';
import { ServerRuns } from './server-runs.js';

/**
 * Opens an MLflow tracking server as a store of runs and registered models. Nothing is asked of it yet.
 *
 * @throws StoreError `INVALID_PARAMETER_VALUE` where the address is not http(s)
 */
export function openServerStore(options: ServerOptions): ModelStore {
  const client = new MlflowClient(options);
  const runs = new ServerRuns(client);
  const models = new ServerModels(client);
  return {
    location: client.location,
    ping: () => client.ping(),
    createRun: (input) => runs.createRun(input),
    getRun: (runId) => runs.getRun(runId),
    listExperiments: () => runs.listExperiments(),
    listRuns: (experiment, query) => runs.listRuns(experiment, query),
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
