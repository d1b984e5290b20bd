import { resolveSources } from './resolve-sources';

/** Stops the Postgres of the tests and removes its data. */
// eslint-disable-next-line import-x/no-default-export -- jest calls the default export
export default async function globalTeardown(): Promise<void> {
  resolveSources();
  const { stopTestServer } = await import('./test-server.js');
  await stopTestServer();
}
