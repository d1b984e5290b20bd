import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';

/** version-traceid-parentid-flags (W3C Trace Context §3.2). */
const traceparentPattern = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;
/** What we accept as a caller's own request id: short and harmless in a log. */
const requestIdPattern = /^[\w.-]{8,64}$/;

/**
 * Name of a request in logs and problems: the trace id, its own or its caller's, else its caller's `x-request-id`,
 * else a new one.
 */
export function buildRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const traced = trace.getActiveSpan()?.spanContext().traceId;
  if (traced !== undefined) return traced;
  const traceId = traceparentPattern.exec(String(headers.traceparent ?? ''))?.[1];
  if (traceId !== undefined) {
    return traceId;
  }
  const requestId = headers['x-request-id'];
  return typeof requestId === 'string' && requestIdPattern.test(requestId)
    ? requestId
    : randomUUID().replaceAll('-', '');
}

/** Sends each request's id back as `x-request-id`. */
export function registerRequestId(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
}
