import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metric, ModelStore, Run } from '../store.js';
import { fingerprintOf, FINGERPRINT, ownTags, SOURCE_RUN } from './sync-tags.js';

/**
 * Copies a run. The fingerprint is written last: a copy that was cut short has none, and is gone on with.
 *
 * @returns the target's run, and whether there was anything to copy
 */
export async function syncRun(
  from: ModelStore,
  to: ModelStore,
  run: Run,
): Promise<{ runId: string; copied: boolean }> {
  const artifacts = await from.listArtifacts(run.runId);
  const { runId: _id, ...content } = run;
  const fingerprint = fingerprintOf({ ...content, artifacts });
  const target = await findOrCreate(to, run);
  const isWhole = target.tags[FINGERPRINT] === fingerprint;
  // A run that is under way may have new values of a metric and the same last one.
  if (isWhole && run.status !== 'RUNNING') return { runId: target.runId, copied: false };
  const news = await copyValues(from, to, run, target);
  if (isWhole) return { runId: target.runId, copied: news };
  if (artifacts.length > 0) await copyArtifacts(from, to, run.runId, target.runId);
  if (run.status !== 'RUNNING') {
    await to.finishRun(target.runId, run.status, run.endTime ?? undefined);
  }
  await to.setTags(target.runId, { [FINGERPRINT]: fingerprint });
  return { runId: target.runId, copied: true };
}

async function findOrCreate(to: ModelStore, run: Run): Promise<Run> {
  const tags = { [SOURCE_RUN]: run.runId };
  const [found] = await to.listRuns(run.experiment, { tags, limit: 1 });
  if (found) return found;
  const { experiment, name, startTime } = run;
  return to.createRun({ experiment, name, startTime, tags: { ...ownTags(run.tags), ...tags } });
}

async function copyValues(from: ModelStore, to: ModelStore, run: Run, target: Run): Promise<boolean> {
  const params = changed(run.params, target.params);
  const tags = changed(ownTags(run.tags), target.tags);
  if (Object.keys(params).length > 0) await to.logParams(target.runId, params);
  if (Object.keys(tags).length > 0) await to.setTags(target.runId, tags);
  if (run.datasets.length > target.datasets.length) await to.logDatasets(target.runId, run.datasets);
  const metrics: Metric[] = [];
  for (const key of Object.keys(run.metrics)) {
    const known = key in target.metrics ? await to.getMetricHistory(target.runId, key) : [];
    const identities = new Set(known.map(identityOf));
    const history = await from.getMetricHistory(run.runId, key);
    metrics.push(...history.filter((metric) => !identities.has(identityOf(metric))));
  }
  if (metrics.length > 0) await to.logMetrics(target.runId, metrics);
  return metrics.length + Object.keys(params).length + Object.keys(tags).length > 0;
}

function changed(values: Record<string, string>, known: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => known[key] !== value));
}

function identityOf({ value, step, timestamp }: Metric): string {
  return `${step} ${timestamp} ${value}`;
}

/** Folder by folder, for a store may treat a model's folder in a way of its own. */
async function copyArtifacts(
  from: ModelStore,
  to: ModelStore,
  sourceId: string,
  targetId: string,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-sync-'));
  try {
    await from.downloadArtifacts(sourceId, '', dir);
    for (const entry of await readdir(dir, { withFileTypes: true })) {
      await to.logArtifacts(targetId, join(dir, entry.name), entry.isDirectory() ? entry.name : '');
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
