import type { FastifyInstance } from 'fastify';

/** Bodies that are read as they come and never held. */
export const STREAMED_MEDIA_TYPES: readonly string[] = [
  'text/csv',
  'application/csv',
  'application/gzip',
  'application/x-gzip',
  'application/octet-stream',
];

/** Hands such bodies on as streams: routes that take none refuse them by their type. */
export function registerStreamedBodies(fastify: FastifyInstance): void {
  for (const type of STREAMED_MEDIA_TYPES) {
    if (fastify.hasContentTypeParser(type)) continue;
    fastify.addContentTypeParser(type, (_request, body, done) => done(null, body));
  }
}
