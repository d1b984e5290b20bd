import { Module } from '@nestjs/common';
import { ModelsModule } from '../models/models.module.js';
import { CustomerFeaturesController } from './customer-features.controller.js';
import { CustomerPredictionsController } from './customer-predictions.controller.js';
import { CustomerSteps } from './customer-steps.js';
import { DerivedTables } from './features/derived-tables.js';
import { FeatureCursor } from './features/feature-cursor.js';
import { FeatureExport } from './features/feature-export.js';
import { FeatureReader } from './features/feature-reader.js';
import { FileLoader } from './loading/file-loader.js';
import { Publisher } from './loading/publisher.js';
import { AccuracyMonitor } from './predictions/accuracy-monitor.js';
import { CustomerPredictionsRepository } from './predictions/customer-predictions.repository.js';
import { CustomerPredictionsService } from './predictions/customer-predictions.service.js';
import { LabelOutcomes } from './predictions/label-outcomes.js';
import { QualityRunner } from './quality/quality-runner.js';
import { customerSourceProvider } from './sources/customer-source.provider.js';
import { LabelTraining } from './training/label-training.js';

/** Customers and store sales: from source files to features, and the label model's predictions. */
@Module({
  imports: [ModelsModule],
  controllers: [CustomerFeaturesController, CustomerPredictionsController],
  providers: [
    customerSourceProvider,
    FileLoader,
    Publisher,
    DerivedTables,
    QualityRunner,
    FeatureReader,
    FeatureCursor,
    FeatureExport,
    CustomerPredictionsRepository,
    CustomerPredictionsService,
    AccuracyMonitor,
    LabelOutcomes,
    LabelTraining,
    CustomerSteps,
  ],
  exports: [CustomerSteps, AccuracyMonitor],
})
export class CustomersModule {}
