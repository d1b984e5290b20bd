import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Runs a program to its end.
 *
 * @throws Error where it fails
 */
export async function run(command, args, env = {}) {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed with ${code}`);
}

/** Starts a server; `line` is the first line that it prints. */
export async function startServer(args, env = {}) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { child, stop, firstLine: () => readFirstLine(child) };
}

/**
 * Waits until an address answers with success.
 *
 * @throws Error after `timeoutMs`
 */
export async function waitFor(url, timeoutMs) {
  for (const end = Date.now() + timeoutMs; Date.now() < end;) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer within ${timeoutMs} ms`);
}

async function readFirstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('The server ended before it listened');
}
