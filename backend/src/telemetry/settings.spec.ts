import { readTelemetrySettings, sdkVariables } from './settings.js';

describe('readTelemetrySettings', () => {
  const none = { traces: false, metrics: false, logs: false };

  it.each([
    ['nothing', {}],
    ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    ['a disabled SDK', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://host:4318', OTEL_SDK_DISABLED: 'TRUE' }],
  ])('exports nothing where the environment has %s', (_what, env) => {
    expect(readTelemetrySettings(env)).toEqual(none);
  });

  it('exports everything to a common endpoint, but what has the exporter none', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://host:4318', OTEL_LOGS_EXPORTER: 'none' };
    expect(readTelemetrySettings(env)).toEqual({ traces: true, metrics: true, logs: false });
  });

  it('exports the signal alone whose endpoint is named', () => {
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://host:4318/v1/traces' };
    expect(readTelemetrySettings(env)).toEqual({ ...none, traces: true });
  });
});

describe('sdkVariables', () => {
  it('says what the settings say, and keeps what the environment chose', () => {
    const settings = { traces: true, metrics: false, logs: true };
    expect(sdkVariables(settings, { OTEL_SEMCONV_STABILITY_OPT_IN: 'http/dup' })).toMatchObject({
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_SEMCONV_STABILITY_OPT_IN: 'http/dup',
    });
  });
});
