import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StoreError, type ModelStore } from '../store.js';
import { composeStore } from '../compose-store.js';
import { LocalModels } from './local-models.js';
import { LocalRuns } from './local-runs.js';

/** Opens the local registry: runs and registered models in a folder, which is created at the first write. */
export function openLocalStore(dir: string): ModelStore {
  const root = resolve(dir);
  const runs = new LocalRuns(root);
  const models = new LocalModels(root, runs);
  return composeStore(
    {
      location: root,
      ping: async () => {
        await mkdir(root, { recursive: true }).catch((cause: unknown) => {
          throw new StoreError('TEMPORARILY_UNAVAILABLE', `The registry folder ${root} cannot be used`, {
            cause,
          });
        });
      },
    },
    runs,
    models,
  );
}
