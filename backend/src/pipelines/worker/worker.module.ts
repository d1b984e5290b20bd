import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { CommonModule } from '../../common/common.module.js';
import type { AppConfig } from '../../config/app-config.js';
import { ConfigModule } from '../../config/config.module.js';
import { DatabaseModule } from '../../database/database.module.js';
import type { PipelineDefinition } from '../definitions/pipeline-definition.js';
import { PipelineWorker } from '../engine/pipeline-worker.js';
import { Retraining } from '../engine/retraining.js';
import { PipelinesCoreModule } from '../pipelines-core.module.js';
import { StepsModule } from './steps.module.js';

/** A worker: the features whose steps it executes, on connections of its own. */
@Module({})
export class WorkerModule {
  static forRoot(config: AppConfig, definitions: readonly PipelineDefinition[]): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        CommonModule,
        DatabaseModule.forRoot({ connect: true }),
        StepsModule,
        PipelinesCoreModule.forRoot(definitions),
      ],
      providers: [PipelineWorker, Retraining],
    };
  }
}
