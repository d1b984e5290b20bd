import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createLogger } from '../../../src/common/http/logging.js';
import type { PipelineDefinition } from '../../../src/pipelines/definitions/pipeline-definition.js';
import type { PipelineRunDetailDto, TriggeredRunDto } from '../../../src/pipelines/dto/run.dto.js';
import { WorkerHost } from '../../../src/pipelines/worker/worker-host.js';
import { smallFiles } from '../../fixtures/customers/customer-app.js';
import type { ApiClient } from '../../support/api-client.js';
import { createTestApp, type TestApp, type TestAppOptions } from '../../support/test-app.js';
import { fastSettings, WorkerProcess } from './worker-process.js';

export const pipelinesPath = '/api/v1/pipelines';
const WAIT_MS = 90_000;

/** Files without a gap: what is made of them passes every check. */
export const completeFiles = {
  'customer_activity.csv':
    'idx,valid_from,valid_to,scd_a,scd_b\n0,2020-01-01,,0.1,1\n1,2020-01-01,,0.3,3\n2,2020-01-01,,0.5,5\n',
  'labels.csv': 'idx,label\n0,1\n1,0\n2,1\n',
} as const;

/** A table that nobody else may use as long as it is held. */
export interface TableHold {
  release(): Promise<void>;
}

/** The application with a folder of customer files, and what people do with its pipelines. */
export interface PipelineApp extends TestApp {
  filesDir: string;
  adminClient: ApiClient;
  /** Runs a statement in the application's database. */
  query<T>(sql: string): Promise<T[]>;
  /** Writes a source file, or removes it. */
  write(name: string, content: string | Uint8Array | null): Promise<void>;
  /** Writes the small set of files, some of them changed. */
  writeSmall(changes?: Readonly<Record<string, string | null>>): Promise<void>;
  /** Starts a worker in this process; stopped at the end. */
  startWorker(definitions?: readonly PipelineDefinition[]): WorkerHost;
  /** Starts a worker in a process of its own; killed at the end. */
  spawnWorker(env?: Readonly<Record<string, string>>): WorkerProcess;
  trigger(pipeline: string, body?: object): Promise<TriggeredRunDto>;
  getRun(id: string): Promise<PipelineRunDetailDto>;
  /** Waits until a run has ended. */
  waitForEnd(id: string): Promise<PipelineRunDetailDto>;
  /** Waits until something about a run is so. */
  waitForRun(id: string, isSo: (run: PipelineRunDetailDto) => boolean): Promise<PipelineRunDetailDto>;
  /** Keeps everyone else from changing a table, so that steps which do wait. */
  holdTable(table: string, mode?: 'SHARE ROW EXCLUSIVE' | 'ACCESS EXCLUSIVE'): Promise<TableHold>;
  /** Waits until so many others wait for a table. */
  waitForLocks(table: string, count: number): Promise<void>;
  /** Waits until so many workers are alive. */
  waitForWorkers(count: number): Promise<void>;
  /** Waits until no run is queued or under way. */
  waitUntilIdle(): Promise<void>;
  /** Triggers a pipeline and waits until it has ended. */
  execute(pipeline: string, body?: object): Promise<PipelineRunDetailDto>;
}

export async function createPipelineApp(options: TestAppOptions = {}): Promise<PipelineApp> {
  const env = { CUSTOMERS_DIR: 'customers', ...fastSettings, ...options.env };
  const test = await createTestApp({ ...options, env });
  const admin = await test.admin();
  const hosts: WorkerHost[] = [];
  const processes: WorkerProcess[] = [];
  const filesDir = join(test.dir, 'customers');

  const write: PipelineApp['write'] = async (name, content) => {
    const path = join(filesDir, name);
    if (content === null) return rm(path, { force: true });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };
  const getRun: PipelineApp['getRun'] = async (id) => {
    const { status, body } = await admin.get<PipelineRunDetailDto>(`${pipelinesPath}/runs/${id}`);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  const waitForRun: PipelineApp['waitForRun'] = async (id, isSo) => {
    for (const end = Date.now() + WAIT_MS; ; await sleep(50)) {
      const run = await getRun(id).catch(() => null);
      if (run && isSo(run)) return run;
      if (Date.now() > end) throw new Error(`It does not come to that: ${JSON.stringify(run, null, 1)}`);
    }
  };
  const waitForEnd: PipelineApp['waitForEnd'] = (id) =>
    waitForRun(id, ({ finished_at }) => finished_at !== null);
  const databaseUrl = options.databaseUrl ?? test.database.url;
  const query = async <T>(sql: string): Promise<T[]> => {
    const client = new Client({ connectionString: databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    return (await client.query(sql).finally(() => client.end())).rows as T[];
  };
  const countRows = async (from: string): Promise<number> =>
    (await query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${from}`))[0]!.n;
  const trigger: PipelineApp['trigger'] = async (pipeline, json = {}) => {
    const { status, body } = await admin.send<TriggeredRunDto>('POST', `${pipelinesPath}/${pipeline}/runs`, {
      json,
    });
    if (status !== 202 && status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    ...test,
    filesDir,
    query,
    adminClient: admin,
    write,
    writeSmall: async (changes = {}) => {
      await rm(filesDir, { recursive: true, force: true });
      for (const [name, content] of Object.entries({ ...smallFiles, ...changes })) await write(name, content);
    },
    startWorker: (definitions) => {
      const logger = createLogger('silent');
      const host = new WorkerHost({ config: test.config, logger, ...(definitions ? { definitions } : {}) });
      host.start();
      hosts.push(host);
      return host;
    },
    spawnWorker: (more = {}) => {
      const worker = new WorkerProcess(test.dir, {
        DATABASE_URL: databaseUrl,
        CUSTOMERS_DIR: 'customers',
        ...options.env,
        ...more,
      });
      processes.push(worker);
      return worker;
    },
    trigger,
    holdTable: (table, mode = 'SHARE ROW EXCLUSIVE') => holdTable(databaseUrl, table, mode),
    waitForLocks: (table, count) =>
      waitUntil(
        async () =>
          (await countRows(`pg_locks WHERE relation = '${table}'::regclass AND NOT granted`)) >= count,
      ),
    waitForWorkers: (count) => waitUntil(async () => (await countRows('pipeline_workers')) >= count),
    waitUntilIdle: () =>
      waitUntil(async () => (await countRows(`pipeline_runs WHERE state IN ('queued', 'running')`)) === 0),
    getRun,
    waitForEnd,
    waitForRun,
    execute: async (pipeline, body) => waitForEnd((await trigger(pipeline, body)).id),
    close: async () => {
      await Promise.all(hosts.map((host) => host.stop()));
      await Promise.all(processes.map((process) => process.kill()));
      await test.close();
    },
  };
}

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + WAIT_MS; !(await isSo()); await sleep(50))
    if (Date.now() > end) throw new Error('It does not come to that');
}

async function holdTable(url: string, table: string, mode: string): Promise<TableHold> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN ${mode} MODE`);
  return { release: () => client.end() };
}
