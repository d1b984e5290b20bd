import { diag, DiagLogLevel, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogSink } from './log-sink.js';
import { observeGauge } from './observed-gauges.js';
import { withoutCaller, withoutSecrets } from './personal-data.js';
import type { Telemetry } from './preload.js';
import { createComplaints } from './complaints.js';
import { sdkVariables, type TelemetrySettings } from './settings.js';

/** How long the end of a process waits for the receiver. */
const STOP_PATIENCE_MS = 3_000;

/**
 * Starts OpenTelemetry's SDK: HTTP both ways, Postgres and the runtime are instrumented; endpoint, protocol (gRPC or
 * HTTP), headers, sampler and intervals come from the environment as the specification names them.
 */
export function startSdk(service: string, settings: TelemetrySettings): Telemetry {
  Object.assign(process.env, sdkVariables(settings, process.env));
  if (process.env.OTEL_LOG_LEVEL === undefined)
    diag.setLogger(createComplaints(process.stderr), DiagLogLevel.ERROR);
  const sdk = new NodeSDK({
    ...(process.env.OTEL_SERVICE_NAME ? {} : { serviceName: service }),
    instrumentations: [
      http(),
      new UndiciInstrumentation(outgoing),
      postgres(),
      new RuntimeNodeInstrumentation(),
    ],
  });
  sdk.start();
  observeMemory();
  return {
    logSink: settings.logs ? createLogSink(logs.getLogger('vitrine')) : null,
    async stop(patienceMs = STOP_PATIENCE_MS) {
      const stopped = sdk.shutdown().catch(() => undefined);
      await Promise.race([stopped, delay(patienceMs, undefined, { ref: false })]);
      for (const api of [trace, metrics, logs]) api.disable();
    },
  };
}

/** Whoever watches the health checks watches them itself: they would drown the rest. */
const isHealthCheck = (url: string | undefined): boolean => url?.startsWith('/health/') ?? false;

function http(): HttpInstrumentation {
  return new HttpInstrumentation({
    ignoreIncomingRequestHook: ({ url }) => isHealthCheck(url),
    startIncomingSpanHook: () => withoutCaller,
    requireParentforOutgoingSpans: true,
    startOutgoingSpanHook: ({ protocol, host, hostname, path }) =>
      withoutSecrets(`${protocol ?? 'http:'}//${hostname ?? host ?? ''}`, path ?? '/'),
  });
}

const outgoing: ConstructorParameters<typeof UndiciInstrumentation>[0] = {
  requireParentforSpans: true,
  startSpanHook: ({ origin, path }) => withoutSecrets(origin, path),
};

/** Statements are told with their placeholders and never with values. */
function postgres(): PgInstrumentation {
  return new PgInstrumentation({
    requireParentSpan: true,
    ignoreConnectSpans: true,
    enhancedDatabaseReporting: false,
  });
}

function observeMemory(): void {
  observeGauge({
    name: 'process.memory.usage',
    description: 'Resident memory of the process',
    unit: 'By',
    observe: (tell) => tell(process.memoryUsage.rss()),
  });
}
