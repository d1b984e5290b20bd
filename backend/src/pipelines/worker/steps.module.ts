import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CustomerSteps } from '../../customers/customer-steps.js';
import { DerivedTables } from '../../customers/features/derived-tables.js';
import { FeatureCursor } from '../../customers/features/feature-cursor.js';
import { FileLoader } from '../../customers/loading/file-loader.js';
import { Publisher } from '../../customers/loading/publisher.js';
import { AccuracyMonitor } from '../../customers/predictions/accuracy-monitor.js';
import { CustomerPredictionsRepository } from '../../customers/predictions/customer-predictions.repository.js';
import { LabelOutcomes } from '../../customers/predictions/label-outcomes.js';
import { QualityRunner } from '../../customers/quality/quality-runner.js';
import { customerSourceProvider } from '../../customers/sources/customer-source.provider.js';
import { LabelTraining } from '../../customers/training/label-training.js';
import { modelHostProvider } from '../../models/host/model-host.provider.js';
import { ModelPromotion } from '../../models/promotions/entities/model-promotion.entity.js';
import { PromotionLedger } from '../../models/promotions/promotion-ledger.js';
import { PromotionObserver } from '../../models/promotions/promotion-observer.js';
import { PromotionsService } from '../../models/promotions/promotions.service.js';
import { modelStoreProvider } from '../../models/registry/model-store.provider.js';
import { tabularHostProvider } from '../../models/tabular/tabular-host.provider.js';
import { TrainingRunner } from '../../models/training/training-runner.js';

/**
 * What steps do their work with: of the features that serve requests too, the parts that need no server. The hosts of
 * models are there for promotions and are never started: a worker loads no model.
 */
@Module({
  imports: [TypeOrmModule.forFeature([ModelPromotion])],
  providers: [
    customerSourceProvider,
    FileLoader,
    Publisher,
    DerivedTables,
    QualityRunner,
    FeatureCursor,
    CustomerPredictionsRepository,
    AccuracyMonitor,
    LabelOutcomes,
    LabelTraining,
    CustomerSteps,
    modelStoreProvider,
    modelHostProvider,
    tabularHostProvider,
    PromotionLedger,
    PromotionObserver,
    PromotionsService,
    TrainingRunner,
  ],
  exports: [CustomerSteps, AccuracyMonitor],
})
export class StepsModule {}
