import { createServer } from 'node:net';
import { join } from 'node:path';
import { openModelStore } from '@vitrine/mlflow';
import pg from 'pg';
import { PostgresServer } from '../dist/database/postgres-server/postgres-server.js';
import { run, startServer, waitFor } from './processes.mjs';

const root = join(import.meta.dirname, '..', '..');
const credentials = { username: 'bench@vitrine.local', password: 'only for this benchmark' };

/**
 * Starts the compiled API, as in production, on a free port and logs its administrator in.
 *
 * @param {{ dir: string, database: { url: string }, env?: Record<string, string> }} surroundings `dir` keeps its models
 */
export async function startApi({ dir, database, env = {} }) {
  const port = await findFreePort();
  const server = await startServer([join(root, 'backend', 'dist', 'main.js')], {
    NODE_ENV: 'production',
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    SECRET_KEY: 'only for this benchmark, and long enough',
    FIRST_ADMINUSER: credentials.username,
    FIRST_ADMINUSER_PASSWORD: credentials.password,
    MODELS_CACHE_DIR: join(dir, 'models'),
    ...env,
  });
  const origin = `http://127.0.0.1:${port}`;
  try {
    await waitFor(`${origin}/health/ready`, 60_000);
    return { origin, token: await login(origin), pid: server.child.pid, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Logs in and answers the access token. */
async function login(origin) {
  const response = await fetch(`${origin}/api/v1/login/access-token`, {
    method: 'POST',
    body: new URLSearchParams(credentials),
  });
  return (await response.json()).access_token;
}

/** The Postgres that `DATABASE_URL` names, else one of its own below `dir`. */
export async function openDatabase(dir) {
  const given = process.env.DATABASE_URL;
  const server = given ? null : await PostgresServer.open({ dir: join(dir, 'postgres') });
  const url = given ?? (await server.start()).url;
  const query = async (sql, values) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client.query(sql, values).finally(() => client.end());
  };
  return {
    url,
    query: async (sql, values) => (await query(sql, values)).rows,
    countPredictions: async () => {
      const exists = await query("SELECT to_regclass('predictions') IS NOT NULL AS yes");
      return exists.rows[0].yes ? Number((await query('SELECT count(*) FROM predictions')).rows[0].count) : 0;
    },
    close: async () => server?.destroy(),
  };
}

/** A registry with a text model in production: the given one, the project's own, or one that is trained below `dir`. */
export async function findRegistry({ dir, given }) {
  const registryDir = given ?? join(root, 'data', 'registry');
  const store = openModelStore({ registryDir });
  if (await store.findVersionByAlias('text', 'production')) return registryDir;
  if (given) throw new Error(`${registryDir} has no text model in production`);
  return trainDemo(dir);
}

async function trainDemo(dir) {
  const registryDir = join(dir, 'registry');
  const vitrine = (...args) =>
    run(process.execPath, [join(root, 'datascience', 'training', 'dist', 'main.js'), ...args], {
      REGISTRY_DIR: registryDir,
    });
  console.log('There is no text model in production: training one on the demonstration catalogue');
  const [demo, dataset, text] = ['demo', 'dataset', 'text'].map((name) => join(dir, name));
  await vitrine('demo-dataset', '--output-dir', demo);
  await vitrine('create-dataset', '--input-dir', demo, '--output-dir', dataset);
  await vitrine('train-text', '--input-dir', dataset, '--output-dir', text, '--register');
  await vitrine('promote', '--model', 'text', '--version', '1', '--alias', 'production');
  return registryDir;
}

/** A TCP port that nobody listens on. */
export async function findFreePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
