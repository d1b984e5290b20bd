import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ModelMetrics, ModelPackage, TabularManifest } from '@vitrine/inference';
import type { ModelStore, ModelVersion } from '@vitrine/mlflow';
import { currentGitSha } from '../../common/git.js';
import { registerVersion } from '../../runs/register-version.js';
import type { Patience } from '../../runs/store-away.js';
import type { BalancedForest } from './balanced-forest.js';
import type { SplitRows } from './label-split.js';
import { playRematch, type HeldOutCustomers } from './rematch.js';

const EXPERIMENT = 'customer-label';
const ALIAS = 'production';
/** Longest digest of a data set that MLflow keeps. */
const DIGEST_LENGTH = 36;

/** What is trained, and where it goes. */
export interface LabelTrainingOptions {
  /** A file of the feature store, CSV or Parquet. */
  input: string;
  outputDir: string;
  seed: number;
  /** Shuffles of the test against chance. */
  permutations: number;
  /** Register under this name; null leaves it a run. */
  registeredModel: string | null;
  setStaging: boolean;
}

export interface LabelTrainingResult {
  runId: string;
  version: ModelVersion | null;
  metrics: ModelMetrics;
}

/** A training whose forest is grown. */
export interface Trained {
  options: LabelTrainingOptions;
  split: SplitRows;
  forest: BalancedForest;
  runId: string;
  seconds: number;
}

/** Where a training is told of; a store that goes away is waited for. */
interface Destination {
  store: ModelStore;
  patience: Patience;
}

/** Logs data, settings, report, package and scores, and ends the run. */
export async function logRun(
  { store, patience }: Destination,
  { options, split, forest, runId }: Trained,
  { pkg, files }: { pkg: ModelPackage<TabularManifest>; files: readonly string[] },
): Promise<void> {
  const source = resolve(options.input);
  const dataset = (hash: string, context: string) => ({
    name: basename(source),
    source,
    digest: hash.slice(0, DIGEST_LENGTH),
    context,
  });
  const timestamp = Date.now();
  const metric = (key: string, value: number, step: number) => ({ key, value, step, timestamp });
  await patience(() =>
    store.logDatasets(runId, [dataset(split.datasetHash, 'training'), dataset(split.testHash, 'testing')]),
  );
  await patience(() =>
    store.logParams(runId, {
      seed: String(options.seed),
      permutations: String(options.permutations),
      rounds: String(forest.rounds),
      temperature: String(forest.temperature),
      members: String(forest.members.length),
      incomplete_rows: String(split.rows.incomplete),
    }),
  );
  for (const file of files)
    await patience(() => store.logArtifacts(runId, join(options.outputDir, file), ''));
  await patience(() => store.logArtifacts(runId, pkg.dir, 'model'));
  await patience(() =>
    store.logMetrics(runId, [
      ...forest.history.map(({ epoch, validation_log_loss: loss }) =>
        metric('validation_log_loss', loss, epoch),
      ),
      ...Object.entries(pkg.manifest.metrics).map(([key, value]) => metric(key, value, 0)),
    ]),
  );
  await patience(() => store.finishRun(runId, 'FINISHED'));
}

/** Registers the version with what the one in production scores on the same customers; null where nothing is registered. */
export async function registerLabelModel(
  { store, patience }: Destination,
  { registeredModel: name, setStaging }: LabelTrainingOptions,
  { pkg, heldOut }: { pkg: ModelPackage<TabularManifest>; heldOut: HeldOutCustomers },
): Promise<ModelVersion | null> {
  if (name === null) return null;
  const rematch = await patience(() => playRematch(store, { name, alias: ALIAS }, heldOut));
  const version = await patience(() => registerVersion(store, name, pkg, false));
  await patience(() => store.setVersionTags(name, version.version, rematch));
  if (setStaging) await patience(() => store.setAlias(name, 'staging', version.version));
  return store.getVersion(name, version.version);
}

/** Writes `result.json`: what whoever started this program reads. */
export async function writeResult(
  dir: string,
  { runId, version, metrics }: LabelTrainingResult,
): Promise<void> {
  const result = { run_id: runId, model: version?.name ?? null, version: version?.version ?? null, metrics };
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

/** Begins the run of a training. */
export async function beginRun(
  { store, patience }: Destination,
  { input, registeredModel }: LabelTrainingOptions,
  split: SplitRows,
): Promise<string> {
  const gitSha = await currentGitSha();
  const run = {
    experiment: EXPERIMENT,
    name: `${registeredModel ?? EXPERIMENT} ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`,
    tags: {
      modality: 'tabular',
      dataset_hash: split.datasetHash,
      test_hash: split.testHash,
      'mlflow.source.name': `vitrine train-customer-label --input ${basename(input)}`,
      'mlflow.source.type': 'LOCAL',
      ...(gitSha === null ? {} : { 'mlflow.source.git.commit': gitSha }),
    },
  };
  const { runId } = await patience(() => store.createRun(run));
  return runId;
}
