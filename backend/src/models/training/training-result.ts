import { readFile } from 'node:fs/promises';

/** What a training run left, as its `result.json` says. */
export interface TrainingResult {
  /** The run in the tracking store. */
  runId: string;
  /** Registered model's name; null where the run was not registered. */
  model: string | null;
  /** Its new version; null where the run was not registered. */
  version: number | null;
  /** Scores by name, as the trainer reports them. */
  metrics: Readonly<Record<string, number>>;
}

/** Name of the file within a training's output folder. */
export const RESULT_FILE = 'result.json';

/**
 * Reads `{run_id, model, version, metrics}`.
 *
 * @throws Error where the file is missing or says something else
 */
export async function readTrainingResult(path: string): Promise<TrainingResult> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!isResult(value)) throw new Error(`${RESULT_FILE} does not hold run_id, model, version and metrics`);
  const { run_id, model, version, metrics } = value;
  return { runId: run_id, model: model ?? null, version: version ?? null, metrics: numbersOf(metrics) };
}

interface RawResult {
  run_id: string;
  model?: string | null;
  version?: number | null;
  metrics: Record<string, unknown>;
}

function isResult(value: unknown): value is RawResult {
  const { run_id, model, version, metrics } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof run_id === 'string' &&
    (model == null || typeof model === 'string') &&
    (version == null || Number.isSafeInteger(version)) &&
    typeof metrics === 'object' &&
    metrics !== null
  );
}

/** A score that is no number, such as an infinite one in JSON, is left out. */
function numbersOf(metrics: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
