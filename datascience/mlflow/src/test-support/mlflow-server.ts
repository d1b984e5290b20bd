import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Longest time until the server is healthy, on a busy machine. */
export const START_TIMEOUT_MS = 120_000;

/** The user that a server with authentication has. */
export const ADMIN = { username: 'admin', password: 'correct horse battery' };

/** Where global set-up installed MLflow, or null where it could not be. */
export const mlflowVenv: string | null =
  // eslint-disable-next-line no-restricted-properties
  process.env.VITRINE_TEST_MLFLOW_VENV ?? null;

/** `describe` where a server can be started, else `describe.skip`: the set-up has said why. */
export const describeWithServer = mlflowVenv === null ? describe.skip : describe;

/** A real MLflow server of a test's own, with SQLite and artifacts in a temporary folder. */
export interface TestServer {
  url: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Stops it from running, and lets it run on: a server that is too slow. */
  pause(): void;
  resume(): void;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a server on a free port and waits until it is healthy. It ends with this process, however that ends. */
export async function startMlflowServer(
  options: { auth?: boolean; env?: Record<string, string>; artifacts?: string } = {},
): Promise<TestServer> {
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-mlflow-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = await commandOf(dir, port, options);
  let child = await launch(command, dir, url);
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    process.kill(-(child.pid as number), signal);
    await closed;
  };
  return {
    url,
    kill: () => kill('SIGKILL'),
    pause: () => process.kill(-(child.pid as number), 'SIGSTOP'),
    resume: () => process.kill(-(child.pid as number), 'SIGCONT'),
    restart: async () => {
      child = await launch(command, dir, url);
    },
    stop: async () => {
      await kill('SIGKILL');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

interface Command {
  args: string[];
  env: Record<string, string>;
}

async function commandOf(
  dir: string,
  port: number,
  { auth, env = {}, artifacts }: { auth?: boolean; env?: Record<string, string>; artifacts?: string },
): Promise<Command> {
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  args.push('--backend-store-uri', `sqlite:///${dir}/mlflow.db`, '--serve-artifacts');
  args.push('--artifacts-destination', artifacts ?? join(dir, 'artifacts'));
  args.push('--allowed-hosts', `localhost:${port},127.0.0.1:${port}`);
  if (!auth) return { args, env };
  const config = join(dir, 'auth.ini');
  await writeFile(
    config,
    `[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///${dir}/auth.db\n` +
      `admin_username = ${ADMIN.username}\nadmin_password = ${ADMIN.password}\n` +
      'authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n',
  );
  args.push('--app-name', 'basic-auth');
  return {
    args,
    env: { ...env, MLFLOW_AUTH_CONFIG_PATH: config, MLFLOW_FLASK_SERVER_SECRET_KEY: 'for tests only' },
  };
}

/** A shell leads the server's process group and ends it when its input, held by this process, closes. */
async function launch({ args, env }: Command, dir: string, url: string): Promise<ChildProcess> {
  const log = join(dir, 'server.log');
  const python = join(mlflowVenv as string, 'bin/python');
  const child = spawn(
    'sh',
    ['-c', '("$@" </dev/null; kill -9 -$$) & cat >/dev/null; kill -9 -$$', 'sh', python, ...args],
    {
      detached: true,
      cwd: dir,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        // eslint-disable-next-line no-restricted-properties
        PATH: process.env.PATH ?? '',
        HOME: dir,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        ...env,
      },
    },
  );
  const output = createWriteStream(log, { flags: 'a' });
  child.stdout?.pipe(output, { end: false });
  child.stderr?.pipe(output, { end: false });
  child.on('close', () => output.end());
  await healthy(url, child, log).catch((error: unknown) => {
    if (child.pid !== undefined && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
    throw error;
  });
  return child;
}

async function healthy(url: string, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS - 5_000;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (response?.ok) return;
    await wait(200);
  }
  const output = await readFile(log, 'utf8').catch(() => '');
  throw new Error(`The MLflow server did not start:\n${output.slice(-4000)}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
