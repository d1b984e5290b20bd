/** The baseline: what Fastify alone does with an empty handler on this machine. Prints its address when it listens. */
import { fastify } from 'fastify';

const server = fastify();
server.get('/', () => ({ hello: 'world' }));
console.log(await server.listen({ host: '127.0.0.1', port: 0 }));
