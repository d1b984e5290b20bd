import type { FastifyInstance, FastifyRequest, preParsingHookHandler, RouteOptions } from 'fastify';
import type { BodyLimits, BodyRules } from '../decorators/accepts-body.decorator.js';
import { AppError } from '../errors/app.error.js';

const JSON_ONLY: readonly string[] = ['application/json'];

/**
 * Applies `@AcceptsBody` to every route registered afterwards: the size limit, and 415 for a body of another media
 * type before a byte of it is parsed.
 */
export function registerBodyRules(fastify: FastifyInstance, limits: BodyLimits): void {
  fastify.addHook('onRoute', (route: RouteOptions) => {
    const rules = (route.config as { bodyRules?: BodyRules } | undefined)?.bodyRules ?? {};
    route.bodyLimit ??= limits[rules.limit ?? 'default'];
    route.preParsing = [...[route.preParsing ?? []].flat(), requireMediaType(rules.types ?? JSON_ONLY)];
  });
}

function requireMediaType(types: readonly string[]): preParsingHookHandler {
  return (request, _reply, _payload, done) => {
    if (!hasBody(request)) {
      done(null);
      return;
    }
    const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
    if (types.includes(mediaType)) {
      done(null);
      return;
    }
    const detail = `The body must be ${types.join(' or ')}`;
    done(new AppError('unsupported-media-type', { detail }));
  };
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
