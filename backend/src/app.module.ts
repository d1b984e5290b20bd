import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { AppController } from './app.controller.js';
import { AuthModule } from './auth/auth.module.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { CommonModule } from './common/common.module.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import { CustomersModule } from './customers/customers.module.js';
import type { DatabaseModuleOptions } from './database/database.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ExperimentsModule } from './experiments/experiments.module.js';
import { FeedbackModule } from './feedback/feedback.module.js';
import { HealthModule } from './health/health.module.js';
import { ModelsModule } from './models/models.module.js';
import { PipelinesModule } from './pipelines/pipelines.module.js';
import { PredictionsModule } from './predictions/predictions.module.js';
import { SalesModule } from './sales/sales.module.js';
import { UsersModule } from './users/users.module.js';

/** The features of the API: a new one adds its module here. */
const features = [
  HealthModule,
  UsersModule,
  AuthModule,
  ModelsModule,
  PredictionsModule,
  FeedbackModule,
  SalesModule,
  CatalogModule,
  ExperimentsModule,
  CustomersModule,
  PipelinesModule,
];

@Module({})
export class AppModule {
  static forRoot(config: AppConfig, database: DatabaseModuleOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.forRoot(config), CommonModule, DatabaseModule.forRoot(database), ...features],
      controllers: [AppController],
    };
  }
}
