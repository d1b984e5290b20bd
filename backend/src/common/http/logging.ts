import type { LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { DestinationStream, Logger } from 'pino';
import { multistream, pino } from 'pino';

/** What never reaches a log, wherever it is nested. */
const secretKeys = [
  'authorization',
  'cookie',
  'password',
  'current_password',
  'access_token',
  'secretKey',
  'passwordHash',
];

/** Where a log goes. */
export interface LogTargets {
  /** Standard output where nothing is said. */
  destination?: DestinationStream;
  /** Gets every line besides. */
  sink?: DestinationStream | null;
}

/** The process's logger: one JSON document a line, with the trace that it belongs to. */
export function createLogger(level: string, { destination, sink }: LogTargets = {}): Logger {
  const options = {
    level,
    base: undefined,
    mixin: traceFields,
    redact: {
      paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.headers["${key}"]`]),
      censor: '[redacted]',
    },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const output = destination ?? pino.destination({ dest: 1, sync: true });
  // Every level passes the streams: the logger's own level is what decides.
  return pino(
    options,
    sink ? multistream([output, sink].map((stream) => ({ level: 'trace', stream }))) : output,
  );
}

/** Names of the fields by which logs and traces are brought together; nothing without telemetry. */
function traceFields(): { trace_id?: string; span_id?: string } {
  const active = trace.getActiveSpan()?.spanContext();
  return active ? { trace_id: active.traceId, span_id: active.spanId } : {};
}

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Where Nest tells, at each start, of every module and route. */
const wiringContexts = new Set<unknown>([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
]);

/** Lets Nest log through pino. The last optional parameter is the context, as Nest calls it; an object is logged as fields. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...optional: unknown[]): void {
    this.write('info', message, optional);
  }

  fatal(message: unknown, ...optional: unknown[]): void {
    this.write('fatal', message, optional);
  }

  error(message: unknown, ...optional: unknown[]): void {
    this.write('error', message, optional);
  }

  warn(message: unknown, ...optional: unknown[]): void {
    this.write('warn', message, optional);
  }

  debug(message: unknown, ...optional: unknown[]): void {
    this.write('debug', message, optional);
  }

  verbose(message: unknown, ...optional: unknown[]): void {
    this.write('trace', message, optional);
  }

  private write(asked: Level, message: unknown, optional: readonly unknown[]): void {
    const context = optional.at(-1);
    const level = asked === 'info' && wiringContexts.has(context) ? 'debug' : asked;
    const stack = optional.length > 1 ? optional[0] : undefined;
    const fields = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(stack === undefined ? {} : { stack }),
    };
    if (message instanceof Error) {
      this.logger[level]({ ...fields, err: message }, message.message);
    } else if (typeof message === 'object' && message !== null) {
      this.logger[level]({ ...fields, ...message });
    } else {
      this.logger[level](fields, String(message));
    }
  }
}
