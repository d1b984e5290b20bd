import type { ModelStore } from '../store.js';
import { syncModel, type ModelCounts } from './sync-models.js';
import { syncRun } from './sync-runs.js';

/** Told after each run and each registered model. */
export interface SyncProgress {
  kind: 'run' | 'model';
  /** The run's or the model's name. */
  name: string;
  /** Runs and models so far, of `total`. */
  done: number;
  total: number;
}

/** What a synchronisation did. */
export interface SyncResult {
  runs: { copied: number; unchanged: number };
  versions: { copied: number; unchanged: number };
  /** `kept`: moved at the target since the last time, and not at the source: they stay where they are. */
  aliases: { moved: number; unchanged: number; kept: number };
  /** What could not be copied, a sentence each. */
  skipped: string[];
}

/**
 * Copies runs (parameters, metrics with their steps and times, tags, data sets, artifacts) and registered models
 * (versions, tags, aliases) of one store to another. It may be done again and again: what is there already is found by
 * the ids of the source, which are kept as tags of the target, and only what changed is copied. It may be ended at any
 * moment: the next time it goes on. An alias or a tag that changed at the target alone is left as it is there.
 *
 * @throws StoreError where a store fails; what was copied so far stays
 */
export async function syncStore(
  from: ModelStore,
  to: ModelStore,
  options: { onProgress?: (progress: SyncProgress) => void; signal?: AbortSignal } = {},
): Promise<SyncResult> {
  await Promise.all([from.ping(), to.ping()]);
  const runs = await listAllRuns(from);
  const models = await from.listModels();
  const total = runs.length + models.length;
  const result: SyncResult = {
    runs: { copied: 0, unchanged: 0 },
    versions: { copied: 0, unchanged: 0 },
    aliases: { moved: 0, unchanged: 0, kept: 0 },
    skipped: [],
  };
  /** Ids of the target by those of the source. */
  const runIds = new Map<string, string>();
  let done = 0;
  for (const run of runs) {
    options.signal?.throwIfAborted();
    const { runId, copied } = await syncRun(from, to, run);
    runIds.set(run.runId, runId);
    result.runs[copied ? 'copied' : 'unchanged']++;
    options.onProgress?.({ kind: 'run', name: run.name, done: ++done, total });
  }
  for (const model of models) {
    options.signal?.throwIfAborted();
    add(result, await syncModel(from, to, model, runIds));
    options.onProgress?.({ kind: 'model', name: model.name, done: ++done, total });
  }
  return result;
}

/** Oldest first, so that the target's order is the source's. */
async function listAllRuns(from: ModelStore) {
  const runs = [];
  for (const experiment of await from.listExperiments()) {
    runs.push(...(await from.listRuns(experiment, { limit: Infinity })));
  }
  return runs.sort((a, b) => a.startTime - b.startTime);
}

function add(result: SyncResult, { versions, aliases, skipped }: ModelCounts): void {
  result.versions.copied += versions.copied;
  result.versions.unchanged += versions.unchanged;
  result.aliases.moved += aliases.moved;
  result.aliases.unchanged += aliases.unchanged;
  result.aliases.kept += aliases.kept;
  result.skipped.push(...skipped);
}
