import { Logger, type FactoryProvider } from '@nestjs/common';
import type { ModelStore } from '@vitrine/mlflow';
import { AppConfig } from '../../config/app-config.js';
import { MODEL_STORE } from '../registry/model-store.provider.js';
import { ModelHost } from './model-host.js';

/** Versions of each model that stay on disk: the one in service, and the one before for a way back. */
const CACHE_VERSIONS = 3;

/** The host of the models that the configuration names. */
export const modelHostProvider: FactoryProvider<ModelHost> = {
  provide: ModelHost,
  inject: [AppConfig, MODEL_STORE],
  useFactory: ({ models }: AppConfig, registry: ModelStore) =>
    new ModelHost({
      registry,
      names: { text: models.textName, image: models.imageName, fusion: models.fusionName },
      alias: models.alias,
      cacheDir: models.cacheDir,
      cacheVersions: CACHE_VERSIONS,
      refreshIntervalMs: models.refreshIntervalMs,
      logger: new Logger(ModelHost.name),
    }),
};
