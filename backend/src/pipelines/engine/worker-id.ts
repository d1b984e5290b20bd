import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Characters of a connection's name that Postgres keeps: 63. */
const HOST_CHARACTERS = 36;

/**
 * A name for one life of one worker: a process that starts again is another worker, so that what it left is taken over
 * once, whoever comes first. It also names the worker's connections.
 */
export function buildWorkerId(): string {
  const host = hostname()
    .replaceAll(/[^\w.-]/g, '-')
    .slice(0, HOST_CHARACTERS);
  return `worker ${host}-${process.pid}-${randomBytes(3).toString('hex')}`;
}
