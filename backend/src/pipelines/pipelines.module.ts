import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { pipelineDefinitions } from './catalogue/pipeline-definitions.js';
import { Retraining } from './engine/retraining.js';
import { PipelineEvents } from './events/pipeline-events.js';
import { PipelinesCoreModule } from './pipelines-core.module.js';
import { PipelinesController } from './pipelines.controller.js';
import { PipelinesHealth } from './pipelines.health.js';
import { PipelinesService } from './pipelines.service.js';
import { RunsController } from './runs.controller.js';
import { RunsService } from './runs.service.js';
import { EmbeddedWorker } from './worker/embedded-worker.js';

/** Pipelines over HTTP, and the worker that is part of the API where no other processes execute them. */
@Module({
  imports: [CustomersModule, PipelinesCoreModule.forRoot(pipelineDefinitions)],
  controllers: [RunsController, PipelinesController],
  providers: [PipelinesService, RunsService, PipelineEvents, PipelinesHealth, Retraining, EmbeddedWorker],
  exports: [PipelinesService, RunsService],
})
export class PipelinesModule {}
