import { randomUUID } from 'node:crypto';
import { appendFile, cp, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { StoreError, type Metric, type Run, type RunStatus, type TrackingStore } from '../store.js';
import { isMissing, namesIn, readFileIfAny, readValues, writeFileAtomic, writeValues } from './files.js';
import { artifactPathWithin, encodeName } from './names.js';

/** What `run.json` holds; parameters, tags and metrics have files of their own. */
type RunRecord = Pick<Run, 'runId' | 'experiment' | 'name' | 'status' | 'startTime' | 'endTime'>;

/**
 * Runs in a folder: `runs/<id>/` with `run.json`, `params/`, `tags/`, `metrics.jsonl` and `artifacts/`. One process
 * writes a run; any number read it.
 */
export class LocalRuns implements TrackingStore {
  constructor(private readonly root: string) {}

  async createRun(input: { experiment: string; name: string; tags?: Record<string, string> }): Promise<Run> {
    const record: RunRecord = {
      runId: randomUUID().replaceAll('-', ''),
      experiment: input.experiment,
      name: input.name,
      status: 'RUNNING',
      startTime: Date.now(),
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
    };
  }

  async listRuns(experiment: string, options: { limit?: number } = {}): Promise<Run[]> {
    const records: RunRecord[] = [];
    for (const runId of await namesIn(join(this.root, 'runs'))) {
      const text = await readFileIfAny(join(this.runDir(runId), 'run.json'));
      const record = text === null ? null : (JSON.parse(text) as RunRecord);
      if (record?.experiment === experiment) records.push(record);
    }
    records.sort((a, b) => b.startTime - a.startTime);
    return Promise.all(records.slice(0, options.limit ?? 100).map((record) => this.getRun(record.runId)));
  }

  async logParams(runId: string, params: Record<string, string>): Promise<void> {
    await this.readRecord(runId);
    await writeValues(join(this.runDir(runId), 'params'), 'parameter', params);
  }

  async setTags(runId: string, tags: Record<string, string>): Promise<void> {
    await this.readRecord(runId);
    await writeValues(join(this.runDir(runId), 'tags'), 'tag', tags);
  }

  async logMetrics(runId: string, metrics: readonly Metric[]): Promise<void> {
    await this.readRecord(runId);
    const lines = metrics.map(({ key, value, step, timestamp }) =>
      JSON.stringify([key, value, step, timestamp]),
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

  async finishRun(runId: string, status: Exclude<RunStatus, 'RUNNING'>): Promise<void> {
    await this.writeRecord({ ...(await this.readRecord(runId)), status, endTime: Date.now() });
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
        const [key, value, step, timestamp] = JSON.parse(line) as [string, number | null, number, number];
        return { key, value: value ?? NaN, step, timestamp };
      });
  }
}
