import { resolveSources } from './resolve-sources';

/** Starts one real Postgres for all test files, with a template database that holds the schema. */
// eslint-disable-next-line import-x/no-default-export -- jest calls the default export
export default async function globalSetup(): Promise<void> {
  resolveSources();
  const { startTestServer } = await import('./test-server.js');
  await startTestServer();
}
