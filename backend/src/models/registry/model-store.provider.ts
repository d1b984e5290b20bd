import type { FactoryProvider } from '@nestjs/common';
import { openModelStore, type ModelStore } from '@vitrine/mlflow';
import { AppConfig } from '../../config/app-config.js';

/** Injection token of the store of runs and registered models. */
export const MODEL_STORE = Symbol('ModelStore');

/** The store that the configuration names. */
export const modelStoreProvider: FactoryProvider<ModelStore> = {
  provide: MODEL_STORE,
  inject: [AppConfig],
  useFactory: ({ models }: AppConfig) =>
    openModelStore({
      trackingUri: models.trackingUri ?? undefined,
      registryDir: models.registryDir,
      credentials: models.credentials ?? undefined,
    }),
};
