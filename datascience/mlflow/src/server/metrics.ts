import type { Metric } from '../store.js';
import type { HttpClient } from './http-client.js';
import type { CallOptions } from './server-options.js';
import { collect, fromWireNumber, readPages, type WireMetric } from './wire.js';

/** Histories of metrics: `/mlflow/metrics`. */
export class Metrics {
  constructor(private readonly http: HttpClient) {}

  /** Every value of one metric of a run, by step, then by time. */
  async history(runId: string, key: string, options?: CallOptions): Promise<Metric[]> {
    const pages = readPages(async (page_token) => {
      const query = { run_id: runId, metric_key: key, max_results: PAGE, page_token };
      const page = await this.http.get<{ metrics?: WireMetric[]; next_page_token?: string }>(
        '/api/2.0/mlflow/metrics/get-history',
        query,
        options,
      );
      return { items: page.metrics, next_page_token: page.next_page_token };
    });
    return (await collect(pages)).map(toMetric).sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
  }
}

const PAGE = 25_000;

function toMetric(wire: WireMetric): Metric {
  return {
    key: wire.key,
    value: fromWireNumber(wire.value),
    step: Number(wire.step ?? 0),
    timestamp: Number(wire.timestamp ?? 0),
  };
}
