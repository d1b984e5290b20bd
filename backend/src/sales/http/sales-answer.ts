import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A representation of sales, ready to be sent. */
export interface SalesAnswer {
  body: Buffer | Readable;
  contentType: string;
  /** Changes with every change of what is stored. */
  version: string;
  /** Where the next page begins; null at the end. */
  nextCursor: string | null;
}

/** Sets an answer's headers and says what is to be sent: nothing where the caller has it already (RFC 9110 §13). */
export function presentAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, contentType, version, nextCursor }: SalesAnswer,
): Buffer | Readable | undefined {
  // Weak: a newer body may go with the version before it.
  const etag = `W/"${version}"`;
  void reply.headers({ etag, vary: 'accept', 'cache-control': 'private, no-cache' });
  if (hasTag(request.headers['if-none-match'], etag)) {
    if (!Buffer.isBuffer(body)) body.destroy();
    void reply.status(304);
    return undefined;
  }
  void reply.header('content-type', contentType);
  if (nextCursor !== null) {
    void reply.headers({
      'x-next-cursor': nextCursor,
      link: `<${buildNextUrl(request.originalUrl, nextCursor)}>; rel="next"`,
    });
  }
  return body;
}

function hasTag(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim());
  return tags.includes('*') || tags.some((tag) => tag.replace(/^W\//, '') === etag.slice(2));
}

function buildNextUrl(url: string, cursor: string): string {
  const next = new URL(url, 'http://localhost');
  next.searchParams.set('cursor', cursor);
  return next.pathname + next.search;
}
