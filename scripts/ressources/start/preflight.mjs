/** `preflight.mjs HOST PORT`: exits 1 with one line when the server could not listen there. */
import { createServer } from 'node:net';

const [host, port] = process.argv.slice(2);
const reasons = {
  EADDRINUSE: `port ${port} is taken by another program; free it, or choose another: PORT=8011 ./scripts/start.sh`,
  EACCES: `port ${port} may not be used by this user; choose another: PORT=8010 ./scripts/start.sh`,
  EADDRNOTAVAIL: `HOST=${host} is not an address of this machine`,
};

if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) fail(`PORT=${port} is not a port number`);
const server = createServer();
server.once('error', (error) => fail(reasons[error.code] ?? `port ${port}: ${error.message}`));
server.listen({ port: Number(port), host, exclusive: true }, () => server.close());

function fail(reason) {
  console.error(`start: ${reason}`);
  process.exit(1);
}
