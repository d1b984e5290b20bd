/** Where each signal goes, by the environment (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). */
export interface TelemetrySettings {
  traces: boolean;
  metrics: boolean;
  logs: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What is to be exported: a signal whose OTLP endpoint is named, its own or that of all, unless its exporter is
 * `none` or the whole SDK is disabled.
 */
export function readTelemetrySettings(env: Environment): TelemetrySettings {
  const enabled = env.OTEL_SDK_DISABLED?.trim().toLowerCase() !== 'true';
  const goes = (signal: 'TRACES' | 'METRICS' | 'LOGS'): boolean =>
    enabled &&
    env[`OTEL_${signal}_EXPORTER`]?.trim() !== 'none' &&
    isNamed(env.OTEL_EXPORTER_OTLP_ENDPOINT, env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]);
  return { traces: goes('TRACES'), metrics: goes('METRICS'), logs: goes('LOGS') };
}

/** The variables that the SDK reads itself, so that it exports exactly what the settings say. */
export function sdkVariables(settings: TelemetrySettings, env: Environment): Record<string, string> {
  const exporter = (on: boolean): string => (on ? 'otlp' : 'none');
  return {
    OTEL_TRACES_EXPORTER: exporter(settings.traces),
    OTEL_METRICS_EXPORTER: exporter(settings.metrics),
    OTEL_LOGS_EXPORTER: exporter(settings.logs),
    OTEL_SEMCONV_STABILITY_OPT_IN: env.OTEL_SEMCONV_STABILITY_OPT_IN ?? 'http,database',
    // Not the process: its arguments and its owner are nobody's business.
    OTEL_NODE_RESOURCE_DETECTORS: env.OTEL_NODE_RESOURCE_DETECTORS ?? 'env,host',
  };
}

function isNamed(...endpoints: readonly (string | undefined)[]): boolean {
  return endpoints.some((endpoint) => endpoint !== undefined && endpoint.trim() !== '');
}
