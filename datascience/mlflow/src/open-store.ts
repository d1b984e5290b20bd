import { fileURLToPath } from 'node:url';
import { openLocalStore } from './local/local-store.js';
import type { Credentials } from './server/server-options.js';
import { openServerStore } from './server/server-store.js';
import { StoreError, type ModelStore } from './store.js';

/**
 * Opens the store of runs and registered models that the tracking URI names.
 *
 * @param options.trackingUri `http(s)://…`: an MLflow server; empty or absent: the local registry in `registryDir`;
 *   a path or a `file:` URL: that folder
 * @param options.credentials for a server: see `credentialsFromEnvironment`
 * @throws StoreError `INVALID_PARAMETER_VALUE` for an address that no store speaks
 */
export function openModelStore(options: {
  trackingUri?: string;
  registryDir: string;
  credentials?: Credentials;
}): ModelStore {
  const uri = options.trackingUri?.trim() ?? '';
  if (uri === '') return openLocalStore(options.registryDir);
  if (/^https?:/i.test(uri)) return openServerStore({ trackingUri: uri, credentials: options.credentials });
  if (uri.startsWith('file:')) return openLocalStore(fileURLToPath(uri));
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri)) return openLocalStore(uri);
  throw new StoreError(
    'INVALID_PARAMETER_VALUE',
    'MLFLOW_TRACKING_URI: neither an http(s) address nor a folder',
  );
}
