import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';

const tracer = trace.getTracer('vitrine');

/**
 * Runs `fn` within a span of this name. What it throws is marked on the span and thrown on; without telemetry `fn` is
 * all that runs.
 *
 * @param attributes of small cardinality; never a text that a user wrote
 */
export async function withSpan<T>(
  name: string,
  attributes: Attributes,
  fn: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, (span) => settle(span, fn));
}

/** As `withSpan`, for work that another process asked for: the span hangs below the caller's. */
export async function withRemoteSpan<T>(
  name: string,
  carrier: Readonly<Record<string, string>>,
  attributes: Attributes,
  fn: (span: Span) => Promise<T>,
): Promise<T> {
  const parent = propagation.extract(context.active(), carrier);
  return tracer.startActiveSpan(name, { attributes, kind: SpanKind.CONSUMER }, parent, (span) =>
    settle(span, fn),
  );
}

/** The present trace context as headers, for work that another process will do; empty without telemetry. */
export function injectTraceContext(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/** The trace that this code runs in, as 32 hex digits, or null. */
export function activeTraceId(): string | null {
  return trace.getActiveSpan()?.spanContext().traceId ?? null;
}

async function settle<T>(span: Span, fn: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await fn(span);
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The kind of an error is told and not its message, which may quote what a user sent. */
function markFailed(span: Span, error: unknown): void {
  const code = (error as { code?: unknown } | null)?.code;
  const type = typeof code === 'string' ? code : error instanceof Error ? error.name : typeof error;
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}
