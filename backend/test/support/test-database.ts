import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** Variable that hands the server's address from jest's global setup to the test processes. */
export const SERVER_URL_KEY = 'TEST_POSTGRES_URL';

/** Database with the present schema and no rows, which test files copy. */
export const TEMPLATE_DATABASE = 'vitrine_template';

/** A database of one test file. */
export interface TestDatabase {
  url: string;
  /** Runs a statement as the server's owner. */
  query<T = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Removes the database, whoever is connected. */
  drop(): Promise<void>;
}

/** Copies the template: migrated, empty, its own. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env[SERVER_URL_KEY];
  if (!serverUrl) {
    throw new Error('The test server does not run: is the global setup of jest.config.mjs in place?');
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await run(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE_DATABASE}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (sql, values) => run(url.href, sql, values),
    drop: () => run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(() => undefined),
  };
}

async function run<T>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
}
