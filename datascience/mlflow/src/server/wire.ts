/** JSON of MLflow's REST API (https://mlflow.org/docs/latest/api_reference/rest-api.html), as far as it is used. */
export interface WireTag {
  key: string;
  value?: string;
}

export interface WireExperiment {
  experiment_id: string;
  name: string;
  artifact_location?: string;
  lifecycle_stage?: string;
  tags?: WireTag[];
}

export interface WireMetric {
  key: string;
  /** JSON has no NaN: the server writes and reads it, and the infinities, as strings. */
  value?: number | string;
  timestamp?: number | string;
  step?: number | string;
}

export interface WireDatasetInput {
  tags?: WireTag[];
  dataset: {
    name: string;
    digest: string;
    source_type: string;
    source: string;
    schema?: string;
    profile?: string;
  };
}

export interface WireRun {
  info: {
    run_id: string;
    experiment_id: string;
    run_name?: string;
    status?: string;
    start_time?: number | string;
    end_time?: number | string;
    artifact_uri?: string;
    lifecycle_stage?: string;
  };
  data?: { metrics?: WireMetric[]; params?: WireTag[]; tags?: WireTag[] };
  inputs?: { dataset_inputs?: WireDatasetInput[] };
  outputs?: { model_outputs?: { model_id: string; step?: number | string }[] };
}

export interface WireLoggedModel {
  info: {
    model_id: string;
    experiment_id: string;
    name?: string;
    artifact_uri?: string;
    status?: string;
    source_run_id?: string;
    model_type?: string;
    creation_timestamp_ms?: number | string;
    tags?: WireTag[];
  };
  data?: { params?: WireTag[]; metrics?: (WireMetric & { run_id?: string })[] };
}

export interface WireModelVersion {
  name: string;
  version: string;
  creation_timestamp?: number | string;
  current_stage?: string;
  description?: string;
  source?: string;
  run_id?: string;
  model_id?: string;
  tags?: WireTag[];
  aliases?: string[];
}

export interface WireRegisteredModel {
  name: string;
  creation_timestamp?: number | string;
  description?: string;
  tags?: WireTag[];
  aliases?: { alias: string; version: string }[];
}

export interface WireFile {
  path: string;
  is_dir?: boolean;
  file_size?: number | string;
}

/** A record as the list of pairs that the API wants. */
export function toPairs(values: Record<string, string>): WireTag[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** A list of pairs as a record; an empty value may be absent. */
export function fromPairs(pairs: readonly WireTag[] = []): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? '']));
}

/** A number for JSON: what JSON cannot hold becomes the string that protobuf's JSON form uses. */
export function toWireNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'Infinity';
  return value === -Infinity ? '-Infinity' : value;
}

/** Reads it back; a database keeps an infinity as the largest finite number. */
export function fromWireNumber(value: number | string | undefined): number {
  const number = Number(value ?? 0);
  return Math.abs(number) === Number.MAX_VALUE ? Math.sign(number) * Infinity : number;
}

/** All items of a paged list, page by page. */
export async function* readPages<T>(
  fetchPage: (pageToken: string | undefined) => Promise<{ items?: T[]; next_page_token?: string }>,
): AsyncGenerator<T> {
  let token: string | undefined;
  do {
    const page = await fetchPage(token);
    yield* page.items ?? [];
    token = page.next_page_token === '' ? undefined : page.next_page_token;
  } while (token !== undefined);
}

/** Up to `limit` items of a paged list. */
export async function collect<T>(items: AsyncIterable<T>, limit = Infinity): Promise<T[]> {
  const collected: T[] = [];
  if (limit <= 0) return collected;
  for await (const item of items) {
    collected.push(item);
    if (collected.length >= limit) break;
  }
  return collected;
}
