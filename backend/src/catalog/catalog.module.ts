import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyInstance } from 'fastify';
import { AppConfig } from '../config/app-config.js';
import { ModelsModule } from '../models/models.module.js';
import { TabularHost } from '../models/tabular/tabular-host.js';
import { ProductsImportController } from './import/products-import.controller.js';
import { ProductsImportService } from './import/products-import.service.js';
import { registerStreamedBodies } from './import/streamed-bodies.js';
import { Product } from './products/entities/product.entity.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsRepository } from './products/products.repository.js';
import { ProductsService } from './products/products.service.js';
import { ArmOutcomes } from './time-to-sell/arm-outcomes.js';
import { ArmSelectorRegistry } from './time-to-sell/arm-selector.js';
import { Outcome } from './time-to-sell/entities/outcome.entity.js';
import { Snapshot } from './time-to-sell/entities/snapshot.entity.js';
import { TimeToSellPrediction } from './time-to-sell/entities/time-to-sell-prediction.entity.js';
import { TrainingJob } from './time-to-sell/entities/training-job.entity.js';
import { OutcomesService } from './time-to-sell/outcomes/outcomes.service.js';
import { PostgresArmOutcomes } from './time-to-sell/outcomes/postgres-arm-outcomes.js';
import { SalePredictionWriter } from './time-to-sell/predictions/sale-prediction-writer.js';
import { SalePredictionsService } from './time-to-sell/predictions/sale-predictions.service.js';
import { ShadowPredictions } from './time-to-sell/predictions/shadow-predictions.js';
import { SnapshotAsker } from './time-to-sell/snapshots/snapshot-asker.js';
import { SnapshotsHealth } from './time-to-sell/snapshots/snapshots.health.js';
import { SnapshotsService } from './time-to-sell/snapshots/snapshots.service.js';
import { TimeToSellController } from './time-to-sell/time-to-sell.controller.js';
import { TimeToSellRequests } from './time-to-sell/time-to-sell.requests.js';
import { TimeToSellService } from './time-to-sell/time-to-sell.service.js';
import { JobLock } from './time-to-sell/training/job-lock.js';
import { SnapshotTrainer } from './time-to-sell/training/snapshot-trainer.js';
import { TrainingJobsRepository } from './time-to-sell/training/training-jobs.repository.js';
import { TrainingService } from './time-to-sell/training/training.service.js';

/** The shop's products, and how fast they will sell. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Product, Snapshot, TrainingJob, TimeToSellPrediction, Outcome]),
    ModelsModule,
  ],
  controllers: [ProductsImportController, ProductsController, TimeToSellController],
  providers: [
    ProductsImportService,
    ProductsRepository,
    ProductsService,
    ArmSelectorRegistry,
    { provide: ArmOutcomes, useClass: PostgresArmOutcomes },
    OutcomesService,
    SalePredictionWriter,
    SalePredictionsService,
    ShadowPredictions,
    SnapshotAsker,
    SnapshotsHealth,
    SnapshotsService,
    TimeToSellRequests,
    TimeToSellService,
    JobLock,
    SnapshotTrainer,
    TrainingJobsRepository,
    TrainingService,
  ],
  exports: [ArmOutcomes, ArmSelectorRegistry, ProductsService, SnapshotsService],
})
export class CatalogModule implements OnModuleInit {
  constructor(
    private readonly config: AppConfig,
    private readonly host: TabularHost,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    this.host.serve(this.config.timeToSell.modelName, 'time-to-sell');
    registerStreamedBodies(this.adapterHost.httpAdapter.getInstance<FastifyInstance>());
  }
}
