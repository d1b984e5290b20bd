import { execFile } from 'node:child_process';
import { PostgresServerError } from './postgres-server.error.js';
import type { ServerUser } from './server-user.js';

/** Longest that one of Postgres's own tools may take, in milliseconds. */
const TIMEOUT_MS = 120_000;

/**
 * Runs a program as the given user, or as ourselves, with nothing of our environment but where programs are.
 *
 * @returns what it printed
 * @throws PostgresServerError with what it printed where it fails
 */
export function runAs(user: ServerUser | null, program: string, args: readonly string[]): Promise<string> {
  const options = {
    ...(user ?? {}),
    cwd: '/',
    timeout: TIMEOUT_MS,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (error) {
        reject(new PostgresServerError(`${program} failed: ${output || error.message}`, { cause: error }));
      } else {
        resolve(output);
      }
    });
  });
}
