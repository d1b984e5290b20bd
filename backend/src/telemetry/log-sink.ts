import type { AnyValueMap, Logger } from '@opentelemetry/api-logs';
import { SeverityNumber } from '@opentelemetry/api-logs';

/** Where a logger writes its lines besides standard output. */
export interface LogSink {
  write(line: string): void;
}

/** Pino's levels as severities (https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber). */
const severities: ReadonlyMap<number, readonly [SeverityNumber, string]> = new Map([
  [10, [SeverityNumber.TRACE, 'TRACE']],
  [20, [SeverityNumber.DEBUG, 'DEBUG']],
  [30, [SeverityNumber.INFO, 'INFO']],
  [40, [SeverityNumber.WARN, 'WARN']],
  [50, [SeverityNumber.ERROR, 'ERROR']],
  [60, [SeverityNumber.FATAL, 'FATAL']],
]);

/** Fields of a line that have a place of their own in a log record; trace and span come with the context. */
const placed = new Set(['level', 'time', 'msg', 'trace_id', 'span_id']);

/** Hands each line on as a log record. Lines are as pino wrote them: secrets are blotted out already. */
export function createLogSink(logger: Pick<Logger, 'emit'>): LogSink {
  return {
    write(line) {
      const fields = parseLine(line);
      if (!fields) return;
      const [severityNumber, severityText] = severities.get(Number(fields.level)) ?? [];
      const time = Date.parse(String(fields.time));
      logger.emit({
        severityNumber,
        severityText,
        timestamp: Number.isNaN(time) ? undefined : time,
        body: String(fields.msg ?? ''),
        attributes: Object.fromEntries(
          Object.entries(fields).filter(([key]) => !placed.has(key)),
        ) as AnyValueMap,
      });
    },
  };
}

function parseLine(line: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
