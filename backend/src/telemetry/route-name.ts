import { context } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import type { FastifyInstance } from 'fastify';

/**
 * Names each request's span and metrics by its route (`POST /api/v1/predict`), never by its path: paths hold ids, and
 * there is no end of them.
 */
export function registerRouteNames(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const active = context.active();
    const metadata = getRPCMetadata(active);
    const route = request.routeOptions.url;
    if (route !== undefined && metadata?.type === RPCType.HTTP) metadata.route = route;
    done();
  });
}
