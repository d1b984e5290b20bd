import { readFile } from 'node:fs/promises';
import { PostgresServerError } from './postgres-server.error.js';

/** Whom the server runs as. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root: then it runs as `postgres`, else `nobody`. Null means: as ourselves. */
export async function chooseServerUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) {
    return null;
  }
  const passwd = await readFile('/etc/passwd', 'utf8');
  const user = findUser(passwd, 'postgres') ?? findUser(passwd, 'nobody');
  if (!user) {
    throw new PostgresServerError(
      'Postgres cannot run as root, and neither a user "postgres" nor "nobody" exists',
    );
  }
  return user;
}

function findUser(passwd: string, name: string): ServerUser | null {
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':');
  return fields ? { uid: Number(fields[2]), gid: Number(fields[3]) } : null;
}
