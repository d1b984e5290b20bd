import type { FastifyInstance, FastifyRequest, preParsingHookHandler, RouteOptions } from 'fastify';
import type { BodyLimits, BodyRules } from '../decorators/accepts-body.decorator.js';
import { AppError } from '../errors/app.error.js';

const JSON_ONLY: readonly string[] = ['application/json'];

/** Throws where a request's credentials are not even well-formed and signed by us, though its route needs them. */
export type CheckCredentials = (request: FastifyRequest, rules: BodyRules) => void;

/**
 * Applies `@AcceptsBody` to every route registered afterwards: the size limit, and 415 for a body of another media
 * type before a byte of it is parsed. Where a body may be larger than usual, a stranger's is not parsed at all: the
 * guard, which knows the account, comes only after parsing.
 */
export function registerBodyRules(
  fastify: FastifyInstance,
  limits: BodyLimits,
  checkCredentials: CheckCredentials,
): void {
  fastify.addHook('onRoute', (route: RouteOptions) => {
    const rules = (route.config as { bodyRules?: BodyRules } | undefined)?.bodyRules ?? {};
    route.bodyLimit ??= limits[rules.limit ?? 'default'];
    const isLarge = (rules.limit ?? 'default') !== 'default';
    route.preParsing = [
      ...[route.preParsing ?? []].flat(),
      ...(isLarge ? [requireCredentials(checkCredentials, rules)] : []),
      requireMediaType(rules.types ?? JSON_ONLY),
    ];
  });
}

function requireCredentials(check: CheckCredentials, rules: BodyRules): preParsingHookHandler {
  return (request, reply, _payload, done) => {
    try {
      check(request, rules);
      done(null);
    } catch (error) {
      // The rest of the body is never read: the connection cannot serve another request.
      if (hasBody(request)) void reply.header('connection', 'close');
      done(error as Error);
    }
  };
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
