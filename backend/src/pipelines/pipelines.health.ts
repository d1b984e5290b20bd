import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  HealthRegistry,
  type HealthContributor,
  type HealthReport,
} from '../common/health/health-registry.js';
import { WorkerStore } from './store/worker-store.js';

/** Readiness of pipelines: how many workers are alive. Without any, runs wait, and everything else works. */
@Injectable()
export class PipelinesHealth implements HealthContributor, OnModuleInit {
  readonly name = 'pipelines';
  readonly isRequired = false;

  constructor(
    private readonly workers: WorkerStore,
    private readonly registry: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async checkHealth(): Promise<HealthReport> {
    const { length } = await this.workers.list();
    return { status: length > 0 ? 'up' : 'down', workers: length };
  }
}
