import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import type { Modality } from '@vitrine/inference';
import { StoreError, type Metric, type ModelStore, type Run } from '@vitrine/mlflow';
import type { Progress } from '../cli/progress.js';
import { currentGitSha } from '../common/git.js';
import type { Dataset } from '../datasets/dataset.js';
import type { Checkpoint } from './checkpoint.js';
import { MetricBuffer } from './metric-buffer.js';
import { isAway, type Patience } from './store-away.js';

/** The experiment that category models are tracked in. */
const CATEGORY_EXPERIMENT = 'product-category';
/** Finds a run again whose id never arrived: the server made it and died before it answered. */
const CHECKPOINT_TAG = 'vitrine.checkpoint';
/** Longest digest of a data set that MLflow keeps. */
const DIGEST_LENGTH = 36;

/** What a run is opened for. */
export interface RunLogInput {
  store: ModelStore;
  patience: Patience;
  progress: Progress;
  modality: Modality | 'tabular';
  /** What is trained, where it is no category model: names the experiment and the command. */
  task?: string;
  dataset: Pick<Dataset, 'dir' | 'hash' | 'testHash'>;
  checkpoint: Checkpoint;
  /** The run of the package that the output folder holds, or null: a finished run goes on with its package alone. */
  packagedRunId: string | null;
}

/** One training's run in the store. What is logged twice, by a resumed training, is there once. */
export class RunLog {
  private readonly buffer: MetricBuffer;

  private constructor(
    private readonly input: RunLogInput,
    private readonly run: Run,
    /** Steps by metric that an earlier, interrupted training logged. */
    private readonly known: ReadonlyMap<string, ReadonlySet<number>>,
    /** Whether the checkpoint's run goes on. */
    readonly isResumed: boolean,
  ) {
    const { store, progress } = input;
    this.buffer = new MetricBuffer(store, run.runId, ({ message }) =>
      progress.warn(`${message}; training goes on, its metrics are kept`),
    );
  }

  /** Goes on with the checkpoint's run, or begins a new one. */
  static async open(input: RunLogInput): Promise<RunLog> {
    const earlier = await findEarlier(input);
    const run = earlier ?? (await createRun(input));
    await input.checkpoint.bind(run.runId);
    const known = earlier ? await loggedSteps(input.store, earlier) : new Map<string, Set<number>>();
    return new RunLog(input, run, known, earlier !== null);
  }

  get runId(): string {
    return this.run.runId;
  }

  /** True where an earlier training logged all of it: at most the registration is missing. */
  get isFinished(): boolean {
    return this.run.status === 'FINISHED';
  }

  /** Logs the data set as the run's input. */
  async logDataset(): Promise<void> {
    const { store, patience, dataset } = this.input;
    const common = { name: basename(dataset.dir), source: dataset.dir };
    const digest = (hash: string) => hash.slice(0, DIGEST_LENGTH);
    await patience(() =>
      store.logDatasets(this.runId, [
        { ...common, digest: digest(dataset.hash), context: 'training' },
        { ...common, name: `${common.name} test`, digest: digest(dataset.testHash), context: 'testing' },
      ]),
    );
  }

  /** Logs plain values as parameters; one that the run has already keeps its first value. */
  async logParams(values: Record<string, unknown>): Promise<void> {
    const plain = Object.entries(values).filter(
      ([key, value]) => value !== undefined && typeof value !== 'object' && !(key in this.run.params),
    );
    const params = Object.fromEntries(plain.map(([key, value]) => [key, String(value)]));
    await this.input.patience(() => this.input.store.logParams(this.runId, params));
    Object.assign(this.run.params, params);
  }

  /** Logs an epoch's measures without waiting for the store. */
  logEpoch(epoch: number, measures: Record<string, number>): void {
    const news = toMetrics(measures, epoch).filter(
      ({ key, step }) => this.known.get(key)?.has(step) !== true,
    );
    this.buffer.add(news);
  }

  /** Logs the report, the package as the model, and the scores, and ends the run. */
  async finish(results: {
    outputDir: string;
    files: readonly string[];
    modelDir: string;
    metrics: Record<string, number>;
  }): Promise<void> {
    const { store, patience } = this.input;
    await patience(() => this.buffer.drain());
    for (const file of results.files) {
      await patience(() => store.logArtifacts(this.runId, join(results.outputDir, file), ''));
    }
    await patience(() => store.logArtifacts(this.runId, results.modelDir, 'model'));
    const metrics = toMetrics(results.metrics, 0);
    await patience(() => store.logMetrics(this.runId, metrics));
    await patience(() => store.finishRun(this.runId, 'FINISHED'));
  }

  /** Ends the run as failed. One that the store's absence cut short stays open, for the same command goes on with it. */
  async fail(error: unknown): Promise<void> {
    if (isAway(error)) {
      const { progress } = this.input;
      progress.warn(`run ${this.runId} is not complete: the same command goes on when the server is back`);
      return;
    }
    await this.input.store.finishRun(this.runId, 'FAILED').catch(() => undefined);
  }
}

async function findEarlier(input: RunLogInput): Promise<Run | null> {
  const { store, checkpoint, packagedRunId } = input;
  const run = checkpoint.runId === null ? await findLost(input) : await getRun(store, checkpoint.runId);
  if (run?.status === 'RUNNING') return run;
  // What a finished run logged may be a registered version by now: it is never trained over.
  return run?.status === 'FINISHED' && run.runId === packagedRunId ? run : null;
}

async function findLost({ store, checkpoint, task }: RunLogInput): Promise<Run | null> {
  const tags = { [CHECKPOINT_TAG]: checkpoint.token };
  const [run] = await store.listRuns(task ?? CATEGORY_EXPERIMENT, { tags, limit: 1 });
  return run ?? null;
}

async function getRun(store: ModelStore, runId: string): Promise<Run | null> {
  return store.getRun(runId).catch((error: unknown) => {
    if (error instanceof StoreError && error.code === 'RESOURCE_DOES_NOT_EXIST') return null;
    throw error;
  });
}

async function createRun({ store, modality, task, dataset, checkpoint }: RunLogInput): Promise<Run> {
  const gitSha = await currentGitSha();
  return store.createRun({
    experiment: task ?? CATEGORY_EXPERIMENT,
    name: `${task ?? modality} ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`,
    tags: {
      modality,
      dataset_hash: dataset.hash,
      test_hash: dataset.testHash,
      [CHECKPOINT_TAG]: checkpoint.token,
      'mlflow.source.name': `vitrine train-${task ?? modality}`,
      'mlflow.source.type': 'LOCAL',
      ...userTag(),
      ...(gitSha === null ? {} : { 'mlflow.source.git.commit': gitSha }),
    },
  });
}

function userTag(): Record<string, string> {
  try {
    return { 'mlflow.user': userInfo().username };
  } catch {
    return {}; // a user id without an account, as in some containers
  }
}

async function loggedSteps(store: ModelStore, run: Run): Promise<Map<string, Set<number>>> {
  const steps = new Map<string, Set<number>>();
  for (const key of Object.keys(run.metrics)) {
    const history = await store.getMetricHistory(run.runId, key);
    steps.set(key, new Set(history.map(({ step }) => step)));
  }
  return steps;
}

function toMetrics(measures: Record<string, number>, step: number): Metric[] {
  const timestamp = Date.now();
  return Object.entries(measures).map(([key, value]) => ({ key, value, step, timestamp }));
}
