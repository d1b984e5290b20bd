import { randomUUID } from 'node:crypto';
import { appendFile, cp, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import {
  StoreError,
  type Metric,
  type Run,
  type RunDataset,
  type RunStatus,
  type TrackingStore,
} from '../store.js';
import { isMissing, namesIn, readFileIfAny, readValues, writeFileAtomic, writeValues } from './files.js';
import { artifactPathWithin, listLocalFiles } from '../artifact-paths.js';
import { checkKeys, checkName, checkParams, checkRunTags } from '../names.js';
import { encodeName } from './names.js';

/** What `run.json` holds; parameters, tags and metrics have files of their own. */
type RunRecord = Pick<Run, 'runId' | 'experiment' | 'name' | 'status' | 'startTime' | 'endTime'>;

/**
 * Runs in a folder: `runs/<id>/` with `run.json`, `params/`, `tags/`, `metrics.jsonl` and `artifacts/`. One process
 * writes a run; any number read it.
 */
export class LocalRuns implements TrackingStore {
  constructor(private readonly root: string) {}

  async createRun(input: {
    experiment: string;
    name: string;
    tags?: Record<string, string>;
    startTime?: number;
  }): Promise<Run> {
    checkName('experiment', input.experiment);
    checkRunTags(input.tags ?? {});
    const record: RunRecord = {
      runId: randomUUID().replaceAll('-', ''),
      experiment: input.experiment,
      name: input.name,
      status: 'RUNNING',
      startTime: input.startTime ?? Date.now(),
      endTime: null,
    };
    await mkdir(this.artifactsDir(record.runId), { recursive: true });
    if (input.tags) await writeValues(join(this.runDir(record.runId), 'tags'), 'tag', input.tags);
    await this.writeRecord(record);
    return this.getRun(record.runId);
  }

  async getRun(runId: string): Promise<Run> {
    const record = await this.readRecord(runId);
    const dir = this.runDir(runId);
    const metrics: Record<string, number> = {};
    for (const metric of await this.readMetrics(runId)) metrics[metric.key] = metric.value;
    return {
      ...record,
      params: await readValues(join(dir, 'params')),
      tags: await readValues(join(dir, 'tags')),
      metrics,
      datasets: await this.readDatasets(runId),
    };
  }

  async listExperiments(): Promise<string[]> {
    return [...new Set((await this.readRecords()).map(({ experiment }) => experiment))].sort();
  }

  async listRuns(
    experiment: string,
    { limit = 100, tags = {} }: { limit?: number; tags?: Record<string, string> } = {},
  ): Promise<Run[]> {
    const records = (await this.readRecords()).filter((record) => record.experiment === experiment);
    records.sort((a, b) => b.startTime - a.startTime);
    const wanted = Object.entries(tags);
    if (wanted.length === 0)
      return Promise.all(records.slice(0, limit).map(({ runId }) => this.getRun(runId)));
    const runs: Run[] = [];
    for (const { runId } of records) {
      if (runs.length >= limit) break;
      const run = await this.getRun(runId);
      if (wanted.every(([key, value]) => run.tags[key] === value)) runs.push(run);
    }
    return runs;
  }

  async logParams(runId: string, params: Record<string, string>): Promise<void> {
    await this.readRecord(runId);
    checkParams(params);
    const dir = join(this.runDir(runId), 'params');
    const known = await readValues(dir);
    for (const [key, value] of Object.entries(params)) {
      if (known[key] !== undefined && known[key] !== value) {
        throw new StoreError(
          'INVALID_PARAMETER_VALUE',
          `Run ${runId} has the parameter ${key} already, as ${JSON.stringify(known[key])}: it cannot become ${JSON.stringify(value)}`,
        );
      }
    }
    await writeValues(dir, 'parameter', params);
  }

  async setTags(runId: string, tags: Record<string, string>): Promise<void> {
    await this.readRecord(runId);
    checkRunTags(tags);
    await writeValues(join(this.runDir(runId), 'tags'), 'tag', tags);
  }

  async logDatasets(runId: string, datasets: readonly RunDataset[]): Promise<void> {
    await this.readRecord(runId);
    const all = new Map((await this.readDatasets(runId)).map((one) => [`${one.name} ${one.digest}`, one]));
    for (const one of datasets) all.set(`${one.name} ${one.digest}`, one);
    await writeFileAtomic(this.datasetsFile(runId), `${JSON.stringify([...all.values()], null, 2)}\n`);
  }

  async logMetrics(runId: string, metrics: readonly Metric[]): Promise<void> {
    await this.readRecord(runId);
    checkKeys('metric', new Set(metrics.map(({ key }) => key)));
    // JSON has no NaN and no infinities: they are written as strings.
    const lines = metrics.map(({ key, value, step, timestamp }) =>
      JSON.stringify([key, Number.isFinite(value) ? value : String(value), step, timestamp]),
    );
    await appendFile(this.metricsFile(runId), lines.map((line) => `${line}\n`).join(''));
  }

  async getMetricHistory(runId: string, key: string): Promise<Metric[]> {
    await this.readRecord(runId);
    return (await this.readMetrics(runId))
      .filter((metric) => metric.key === key)
      .sort((a, b) => a.step - b.step);
  }

  async logArtifacts(runId: string, localPath: string, artifactPath: string): Promise<void> {
    await this.readRecord(runId);
    const target = join(this.artifactsDir(runId), artifactPathWithin(artifactPath));
    await listLocalFiles(localPath); // refuses names that a server could not keep
    const isFolder = (await stat(localPath)).isDirectory();
    await mkdir(target, { recursive: true });
    await cp(localPath, isFolder ? target : join(target, basename(localPath)), { recursive: true });
  }

  async listArtifacts(runId: string, artifactPath = ''): Promise<string[]> {
    await this.readRecord(runId);
    const root = this.artifactsDir(runId);
    try {
      const entries = await readdir(join(root, artifactPathWithin(artifactPath)), {
        recursive: true,
        withFileTypes: true,
      });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async downloadArtifacts(runId: string, artifactPath: string, destination: string): Promise<void> {
    await this.readRecord(runId);
    const source = join(this.artifactsDir(runId), artifactPathWithin(artifactPath));
    const found = await stat(source).catch(() => null);
    if (!found)
      throw new StoreError('RESOURCE_DOES_NOT_EXIST', `Run ${runId} has no artifact ${artifactPath}`);
    const target = found.isDirectory() ? destination : join(destination, basename(source));
    await mkdir(dirname(target), { recursive: true });
    await cp(source, target, { recursive: true });
  }

  async finishRun(runId: string, status: Exclude<RunStatus, 'RUNNING'>, endTime = Date.now()): Promise<void> {
    await this.writeRecord({ ...(await this.readRecord(runId)), status, endTime });
  }

  private runDir(runId: string): string {
    return join(this.root, 'runs', encodeName('run id', runId));
  }

  private artifactsDir(runId: string): string {
    return join(this.runDir(runId), 'artifacts');
  }

  private metricsFile(runId: string): string {
    return join(this.runDir(runId), 'metrics.jsonl');
  }

  private datasetsFile(runId: string): string {
    return join(this.runDir(runId), 'datasets.json');
  }

  private async readDatasets(runId: string): Promise<RunDataset[]> {
    const text = await readFileIfAny(this.datasetsFile(runId));
    return text === null ? [] : (JSON.parse(text) as RunDataset[]);
  }

  private async readRecords(): Promise<RunRecord[]> {
    const records: RunRecord[] = [];
    for (const runId of await namesIn(join(this.root, 'runs'))) {
      const text = await readFileIfAny(join(this.runDir(runId), 'run.json'));
      if (text !== null) records.push(JSON.parse(text) as RunRecord);
    }
    return records;
  }

  private async readRecord(runId: string): Promise<RunRecord> {
    const text = await readFileIfAny(join(this.runDir(runId), 'run.json'));
    if (text === null) throw new StoreError('RESOURCE_DOES_NOT_EXIST', `There is no run ${runId}`);
    return JSON.parse(text) as RunRecord;
  }

  private writeRecord(record: RunRecord): Promise<void> {
    return writeFileAtomic(
      join(this.runDir(record.runId), 'run.json'),
      `${JSON.stringify(record, null, 2)}\n`,
    );
  }

  /** A line that a crash cut off is the last one, and is dropped. */
  private async readMetrics(runId: string): Promise<Metric[]> {
    const text = (await readFileIfAny(this.metricsFile(runId))) ?? '';
    const complete = text.slice(0, text.lastIndexOf('\n') + 1);
    return complete
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [key, value, step, timestamp] = JSON.parse(line) as [
          string,
          number | string | null,
          number,
          number,
        ];
        return { key, value: Number(value ?? NaN), step, timestamp };
      });
  }
}
