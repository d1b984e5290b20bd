import { existsSync } from 'node:fs';
import Module from 'node:module';
import { dirname, resolve } from 'node:path';

type Resolve = (request: string, parent?: { filename?: string | null }, ...rest: unknown[]) => string;

/** Starts one real Postgres for all test files, with a template database that holds the schema. */
// eslint-disable-next-line import-x/no-default-export -- jest calls the default export
export default async function globalSetup(): Promise<void> {
  resolveSources();
  const { startTestServer } = await import('./test-server.js');
  const server = await startTestServer();
  Object.assign(globalThis, { testServer: server });
}

/**
 * jest transforms what its global setup requires but does not apply `moduleNameMapper` to it: here the `.js` of a
 * relative import finds the `.ts` it stands for.
 */
function resolveSources(): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const original = loader._resolveFilename;
  loader._resolveFilename = (request, parent, ...rest) => {
    if (/^\.{1,2}\/.*\.js$/.test(request) && parent?.filename) {
      const source = resolve(dirname(parent.filename), request).replace(/\.js$/, '.ts');
      if (existsSync(source)) {
        return source;
      }
    }
    return original.call(loader, request, parent, ...rest);
  };
}
