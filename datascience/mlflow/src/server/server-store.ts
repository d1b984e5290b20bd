import type { ModelStore } from '../store.js';
import { composeStore } from '../compose-store.js';
import { MlflowClient } from './mlflow-client.js';
import { ServerModels } from './server-models.js';
import type { ServerOptions } from './server-options.js';
import { ServerRuns } from './server-runs.js';

/**
 * Opens an MLflow tracking server as a store of runs and registered models. Nothing is asked of it yet.
 *
 * @throws StoreError `INVALID_PARAMETER_VALUE` where the address is not http(s)
 */
export function openServerStore(options: ServerOptions): ModelStore {
  const client = new MlflowClient(options);
  const runs = new ServerRuns(client);
  const models = new ServerModels(client);
  return composeStore(
    {
      location: client.location,
      ping: () => client.ping(),
    },
    runs,
    models,
  );
}
