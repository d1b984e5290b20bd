/** One training run, in MLflow's words. */
export interface Run {
  runId: string;
  experiment: string;
  name: string;
  status: RunStatus;
  /** Milliseconds since 1970. */
  startTime: number;
  endTime: number | null;
  params: Record<string, string>;
  tags: Record<string, string>;
  /** Last value of each metric. */
  metrics: Record<string, number>;
  /** Data sets that it read. */
  datasets: RunDataset[];
}

/** A data set as a run's input. */
export interface RunDataset {
  name: string;
  /** Identifies the content; at most 36 characters. */
  digest: string;
  /** Where it was read from. */
  source: string;
  /** What it was used for: `training`, `test`… */
  context: string;
}

export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

/** One measured value; `step` is the epoch where there is one. */
export interface Metric {
  key: string;
  value: number;
  step: number;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** One version of a registered model. */
export interface ModelVersion {
  name: string;
  /** 1, 2, 3… within the registered model. */
  version: number;
  runId: string | null;
  /** Where the model's files are: `runs:/<id>/model`. */
  source: string;
  createdAt: number;
  description: string;
  tags: Record<string, string>;
  /** Aliases that point here now. */
  aliases: string[];
}

/** A registered model with its aliases. */
export interface RegisteredModel {
  name: string;
  createdAt: number;
  description: string;
  tags: Record<string, string>;
  /** Version by alias. */
  aliases: Record<string, number>;
}

/** Runs and their artifacts. */
export interface TrackingStore {
  /** Starts a run in an experiment, which is created where it does not exist. */
  createRun(input: {
    experiment: string;
    name: string;
    tags?: Record<string, string>;
    /** Milliseconds since 1970; now where it is absent. */
    startTime?: number;
  }): Promise<Run>;
  /** @throws StoreError `RESOURCE_DOES_NOT_EXIST` */
  getRun(runId: string): Promise<Run>;
  /** Names of the experiments that have been used, sorted. */
  listExperiments(): Promise<string[]>;
  /** Newest first, at most `limit` (100 where it is absent), with `tags` only those that carry all of them. */
  listRuns(experiment: string, options?: { limit?: number; tags?: Record<string, string> }): Promise<Run[]>;
  /** A parameter keeps its first value: @throws StoreError `INVALID_PARAMETER_VALUE` for another one. */
  logParams(runId: string, params: Record<string, string>): Promise<void>;
  logMetrics(runId: string, metrics: readonly Metric[]): Promise<void>;
  /** Every value of one metric, by step. */
  getMetricHistory(runId: string, key: string): Promise<Metric[]>;
  setTags(runId: string, tags: Record<string, string>): Promise<void>;
  /** Adds data sets to what the run read; the same name and digest is the same data set. */
  logDatasets(runId: string, datasets: readonly RunDataset[]): Promise<void>;
  /** Copies a file or a whole folder below `artifactPath` ('' is the root) of the run. */
  logArtifacts(runId: string, localPath: string, artifactPath: string): Promise<void>;
  /** Relative paths of every file of the run below `artifactPath`, sorted. */
  listArtifacts(runId: string, artifactPath?: string): Promise<string[]>;
  /** Copies `artifactPath` (a file or a folder's content) to `destination`, which is created. */
  downloadArtifacts(runId: string, artifactPath: string, destination: string): Promise<void>;
  /** @param endTime milliseconds since 1970; now where it is absent */
  finishRun(runId: string, status: Exclude<RunStatus, 'RUNNING'>, endTime?: number): Promise<void>;
}

/** Registered models, their versions and aliases. */
export interface ModelRegistry {
  listModels(): Promise<RegisteredModel[]>;
  findModel(name: string): Promise<RegisteredModel | null>;
  /** Adds a version (the model is created where it does not exist); concurrent calls get distinct numbers. */
  createVersion(input: {
    name: string;
    runId: string;
    /** Path of the model within the run's artifacts, e.g. `model`. */
    artifactPath: string;
    tags?: Record<string, string>;
    description?: string;
  }): Promise<ModelVersion>;
  /** Newest first. */
  listVersions(name: string): Promise<ModelVersion[]>;
  /** @throws StoreError `RESOURCE_DOES_NOT_EXIST` */
  getVersion(name: string, version: number): Promise<ModelVersion>;
  /** Null where the model or the alias does not exist. */
  findVersionByAlias(name: string, alias: string): Promise<ModelVersion | null>;
  setAlias(name: string, alias: string, version: number): Promise<void>;
  deleteAlias(name: string, alias: string): Promise<void>;
  /** Tags of the registered model itself. @throws StoreError `RESOURCE_DOES_NOT_EXIST` */
  setModelTags(name: string, tags: Record<string, string>): Promise<void>;
  setVersionTags(name: string, version: number, tags: Record<string, string>): Promise<void>;
  /** Copies the version's files to `destination`, which is created. */
  downloadVersion(name: string, version: number, destination: string): Promise<void>;
}

/** What a tracking URI opens. */
export interface ModelStore extends TrackingStore, ModelRegistry {
  /** Where it is, for messages: a folder or an address without credentials. */
  readonly location: string;
  /** @throws StoreError where the store cannot be reached. */
  ping(): Promise<void>;
}

/** MLflow's own error codes, as far as they occur here. */
export type StoreErrorCode =
  | 'RESOURCE_DOES_NOT_EXIST'
  | 'RESOURCE_ALREADY_EXISTS'
  | 'INVALID_PARAMETER_VALUE'
  | 'TEMPORARILY_UNAVAILABLE'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'INTERNAL_ERROR';

export class StoreError extends Error {
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}
