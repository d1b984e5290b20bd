export { parseModelUri, resolveVersion, type ModelUri } from './model-uri.js';
export { openModelStore } from './open-store.js';
export * from './store.js';

export { MlflowClient } from './server/mlflow-client.js';
export { openServerStore } from './server/server-store.js';
export { ServerError } from './server/server-error.js';
export {
  credentialsFromEnvironment,
  type CallOptions,
  type Credentials,
  type ServerOptions,
} from './server/server-options.js';
export type { ArtifactFile } from './server/artifacts.js';
export type { Experiment } from './server/experiments.js';
export type { Transferred } from './server/file-transfer.js';
export type { LoggedModel, LoggedModelStatus } from './server/logged-models.js';
export type { ServerModelVersion } from './server/model-versions.js';
export type { RunBatch, ServerRun } from './server/runs.js';

export { syncStore, type SyncProgress, type SyncResult } from './sync/sync-store.js';

export * from './promotion/index.js';
