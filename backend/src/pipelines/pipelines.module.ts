import { Module } from '@nestjs/common';
import { pipelineDefinitions } from './catalogue/pipeline-definitions.js';
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
  imports: [PipelinesCoreModule.forRoot(pipelineDefinitions)],
  controllers: [RunsController, PipelinesController],
  providers: [PipelinesService, RunsService, PipelineEvents, PipelinesHealth, EmbeddedWorker],
  exports: [PipelinesService, RunsService],
})
export class PipelinesModule {}
