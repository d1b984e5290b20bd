import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { PipelineDefinition } from './definitions/pipeline-definition.js';
import { PipelineRegistry } from './definitions/pipeline-registry.js';
import { RunLauncher } from './engine/run-launcher.js';
import { RunQueue } from './engine/run-queue.js';
import { PipelinesPool } from './store/pipelines-pool.js';
import { RunStore } from './store/run-store.js';
import { ScheduleStore } from './store/schedule-store.js';
import { StepJournal } from './store/step-journal.js';
import { WorkerStore } from './store/worker-store.js';

const services = [PipelinesPool, RunStore, ScheduleStore, WorkerStore, StepJournal, RunQueue, RunLauncher];

/** What the API and the workers share: the definitions, the records and the queue. */
@Module({})
export class PipelinesCoreModule {
  /** @throws PipelineDefinitionError where the definitions make no sense */
  static forRoot(definitions: readonly PipelineDefinition[]): DynamicModule {
    const registry = { provide: PipelineRegistry, useValue: new PipelineRegistry(definitions) };
    return {
      module: PipelinesCoreModule,
      providers: [registry, ...services],
      exports: [PipelineRegistry, ...services],
    };
  }
}
