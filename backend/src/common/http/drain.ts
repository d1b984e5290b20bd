import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Milliseconds between two looks for connections that have become idle. */
const CHECK_INTERVAL_MS = 50;

/**
 * While the server closes, ends each connection as soon as no request of it is being answered. Node's own
 * `closeIdleConnections` passes over one that was opened but never used, as browsers do ahead of need, and would hold
 * the process up for a minute.
 */
export function registerDrain(fastify: FastifyInstance): void {
  const requestsBySocket = new Map<Socket, number>();
  const count = (socket: Socket, change: number): void => {
    const requests = requestsBySocket.get(socket);
    if (requests !== undefined) requestsBySocket.set(socket, requests + change);
  };
  fastify.server.on('connection', (socket: Socket) => {
    requestsBySocket.set(socket, 0);
    socket.once('close', () => requestsBySocket.delete(socket));
  });
  fastify.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    count(socket, 1);
    response.once('close', () => count(socket, -1));
  });
  fastify.addHook('preClose', (done) => {
    const timer = setInterval(() => {
      for (const [socket, requests] of requestsBySocket) if (requests === 0) socket.destroySoon();
    }, CHECK_INTERVAL_MS);
    fastify.server.once('close', () => clearInterval(timer));
    timer.unref();
    done();
  });
}
