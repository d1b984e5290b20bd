import { Logger, type FactoryProvider } from '@nestjs/common';
import type { ModelStore } from '@vitrine/mlflow';
import { AppConfig } from '../../config/app-config.js';
import { MODEL_STORE } from '../registry/model-store.provider.js';
import { TabularHost } from './tabular-host.js';

/** Versions of each model that stay on disk: the one in service, and some before it for a way back. */
const CACHE_VERSIONS = 3;
/** The arms of the experiments that run, and room for those of the last one. */
const MAX_VERSIONS = 12;

/** The host of the tabular models; features name theirs. */
export const tabularHostProvider: FactoryProvider<TabularHost> = {
  provide: TabularHost,
  inject: [AppConfig, MODEL_STORE],
  useFactory: ({ models }: AppConfig, registry: ModelStore) =>
    new TabularHost({
      registry,
      alias: models.alias,
      cacheDir: models.cacheDir,
      cacheVersions: CACHE_VERSIONS,
      maxVersions: MAX_VERSIONS,
      refreshIntervalMs: models.refreshIntervalMs,
      logger: new Logger(TabularHost.name),
    }),
};
