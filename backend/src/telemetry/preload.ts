import type { LogSink } from './log-sink.js';
import { readTelemetrySettings } from './settings.js';

/** Telemetry of this process. */
export interface Telemetry {
  /** Takes the lines of the log along; null where logs are not exported. */
  logSink: LogSink | null;
  /** Sends what is held and ends the export. It never rejects and takes `patienceMs` at most. */
  stop(patienceMs?: number): Promise<void>;
}

const off: Telemetry = { logSink: null, stop: () => Promise.resolve() };

/**
 * Starts the export of traces, metrics and logs over OTLP where the environment names an endpoint
 * (`OTEL_EXPORTER_OTLP_ENDPOINT`, or one for a single signal). Without one nothing is loaded and nothing is patched.
 * It must run before the modules that are instrumented are loaded.
 *
 * @param service name of the process, where `OTEL_SERVICE_NAME` says nothing
 */
export async function startTelemetry(service: string): Promise<Telemetry> {
  const settings = readTelemetrySettings(process.env);
  if (!settings.traces && !settings.metrics && !settings.logs) return off;
  const { startSdk } = await import('./sdk.js');
  return startSdk(service, settings);
}
