import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CategoriesController } from './categories.controller.js';
import { ModelHost } from './host/model-host.js';
import { modelHostProvider } from './host/model-host.provider.js';
import { ModelsController } from './models.controller.js';
import { ModelsHealth } from './models.health.js';
import { ModelsService } from './models.service.js';
import { ManifestReader } from './registry/manifest-reader.js';
import { modelStoreProvider } from './registry/model-store.provider.js';

/** The registry's view, and the host of the models in service. */
@Module({
  controllers: [ModelsController, CategoriesController],
  providers: [modelStoreProvider, modelHostProvider, ManifestReader, ModelsService, ModelsHealth],
  exports: [ModelHost, ModelsService],
})
export class ModelsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly host: ModelHost) {}

  onApplicationBootstrap(): Promise<void> {
    return this.host.start();
  }

  /** After the server has answered its last request. */
  onApplicationShutdown(): Promise<void> {
    return this.host.close();
  }
}
