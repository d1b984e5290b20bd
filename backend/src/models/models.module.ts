import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CategoriesController } from './categories.controller.js';
import { ModelHost } from './host/model-host.js';
import { modelHostProvider } from './host/model-host.provider.js';
import { ModelsController } from './models.controller.js';
import { ModelsHealth } from './models.health.js';
import { ModelsMetrics } from './models.metrics.js';
import { ModelsService } from './models.service.js';
import { ModelPromotion } from './promotions/entities/model-promotion.entity.js';
import { PromotionLedger } from './promotions/promotion-ledger.js';
import { PromotionObserver } from './promotions/promotion-observer.js';
import { PromotionsController } from './promotions/promotions.controller.js';
import { PromotionsService } from './promotions/promotions.service.js';
import { ManifestReader } from './registry/manifest-reader.js';
import { modelStoreProvider } from './registry/model-store.provider.js';
import { TrainingRunner } from './training/training-runner.js';
import { tabularHostProvider } from './tabular/tabular-host.provider.js';
import { TabularHost } from './tabular/tabular-host.js';
import { TabularHealth } from './tabular/tabular.health.js';
import { ModelsWebhookController } from './webhook/models-webhook.controller.js';
import { ModelsWebhookService } from './webhook/models-webhook.service.js';
import { RawBodies } from './webhook/raw-bodies.js';

/** The registry's view, the host of the models in service, and who put them there. */
@Module({
  imports: [TypeOrmModule.forFeature([ModelPromotion])],
  controllers: [ModelsWebhookController, ModelsController, PromotionsController, CategoriesController],
  providers: [
    modelStoreProvider,
    modelHostProvider,
    tabularHostProvider,
    ManifestReader,
    ModelsService,
    ModelsHealth,
    TabularHealth,
    ModelsMetrics,
    PromotionLedger,
    PromotionObserver,
    PromotionsService,
    ModelsWebhookService,
    RawBodies,
    TrainingRunner,
  ],
  exports: [ModelHost, ModelsService, PromotionsService, TabularHost, TrainingRunner],
})
export class ModelsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly host: ModelHost,
    private readonly tabular: TabularHost,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.host.start(), this.tabular.start()]);
  }

  /** After the server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.host.close(), this.tabular.close()]);
  }
}
