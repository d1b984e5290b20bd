import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  HealthRegistry,
  type HealthContributor,
  type HealthReport,
} from '../common/health/health-registry.js';
import { ModelHost } from './host/model-host.js';

/**
 * Readiness of the models: names each one with its version. A missing model does not make the service unready: it
 * answers 503 for its own modality alone, and everything else works.
 */
@Injectable()
export class ModelsHealth implements HealthContributor, OnModuleInit {
  readonly name = 'models';
  readonly isRequired = false;

  constructor(
    private readonly host: ModelHost,
    private readonly registry: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  checkHealth(): HealthReport {
    const models = this.host.status();
    const isUp = models.some(({ state }) => state !== 'missing');
    return {
      status: isUp ? 'up' : 'down',
      ...Object.fromEntries(
        models.map(({ modality, name, state, version, reason }) => [
          modality,
          { name, state, version, reason },
        ]),
      ),
    };
  }
}
