import { openLocalStore } from './local/local-store.js';
import { StoreError, type ModelStore } from './store.js';

/**
 * Opens the store of runs and registered models.
 *
 * @param options.trackingUri empty or absent: the local registry in `registryDir`; a path or a `file:` URL: that folder
 * @throws StoreError `INVALID_PARAMETER_VALUE` for an address that no store of this version speaks
 */
export function openModelStore(options: { trackingUri?: string; registryDir: string }): ModelStore {
  const uri = options.trackingUri?.trim() ?? '';
  if (uri === '') return openLocalStore(options.registryDir);
  if (uri.startsWith('file:')) return openLocalStore(new URL(uri).pathname);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri)) return openLocalStore(uri);
  throw new StoreError(
    'INVALID_PARAMETER_VALUE',
    'MLFLOW_TRACKING_URI: this version keeps runs and models in a folder; a server address is not supported yet',
  );
}
