import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A year, as hashed file names never change what they hold. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Serves the built web app at `/`, its own addresses included; where it is not built, `/` leads to the API's documentation. */
export async function registerWebApp(fastify: FastifyInstance, distDir: string): Promise<void> {
  if (!existsSync(join(distDir, 'index.html'))) {
    fastify.get('/', { schema: { hide: true } as object }, (_request, reply) => reply.redirect('/docs', 302));
    return;
  }
  await fastify.register(fastifyStatic, {
    root: distDir,
    wildcard: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      void response.header('cache-control', path.includes('/assets/') ? IMMUTABLE : 'no-cache');
    },
  });
  fastify.get('/*', (request, reply) => (isPage(request) ? sendIndex(reply) : reply.callNotFound()));
}

/** An address of the web app: something a browser shows, which no part of the API owns. */
function isPage({ url, headers }: FastifyRequest): boolean {
  return !/^\/(api|health|docs|problems)(\/|$|\?)/.test(url) && (headers.accept ?? '').includes('text/html');
}

const sendIndex = (reply: FastifyReply): FastifyReply => reply.sendFile('index.html');
