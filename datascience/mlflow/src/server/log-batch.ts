import { toPairs, toWireNumber, type WireMetric, type WireTag } from './wire.js';
import type { RunBatch } from './runs.js';

/** The server's limits of one `log-batch` call. */
const MAX_METRICS = 1000;
const MAX_PARAMS = 100;
const MAX_TAGS = 100;
const MAX_ENTITIES = 1000;
/** A million bytes are allowed; the rest is for the run's id and the brackets. */
const MAX_BYTES = 900_000;

interface WireBatch {
  metrics: (WireMetric & { model_id?: string })[];
  params: WireTag[];
  tags: WireTag[];
}

const LIMITS = { metrics: MAX_METRICS, params: MAX_PARAMS, tags: MAX_TAGS } as const;

/** Splits what is to be logged into calls that the server takes, in order: tags, parameters, metrics. */
export function* batchesOf({ metrics = [], params = {}, tags = {} }: RunBatch): Generator<WireBatch> {
  const entities = [
    ...toPairs(tags).map((value) => ({ kind: 'tags' as const, value })),
    ...toPairs(params).map((value) => ({ kind: 'params' as const, value })),
    ...metrics.map(({ key, value, step, timestamp, modelId }) => ({
      kind: 'metrics' as const,
      value: { key, value: toWireNumber(value), step, timestamp, model_id: modelId },
    })),
  ];
  let batch: WireBatch = { metrics: [], params: [], tags: [] };
  let count = 0;
  let bytes = 0;
  for (const { kind, value } of entities) {
    const size = Buffer.byteLength(JSON.stringify(value)) + 1;
    if (count === MAX_ENTITIES || batch[kind].length === LIMITS[kind] || bytes + size > MAX_BYTES) {
      yield batch;
      batch = { metrics: [], params: [], tags: [] };
      count = 0;
      bytes = 0;
    }
    (batch[kind] as unknown[]).push(value);
    count++;
    bytes += size;
  }
  if (count > 0) yield batch;
}
