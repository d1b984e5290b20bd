import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  HealthRegistry,
  type HealthContributor,
  type HealthReport,
} from '../../common/health/health-registry.js';
import { TabularHost } from './tabular-host.js';

/** Readiness of the tabular models: names each one with its version. A missing one does not make the service unready. */
@Injectable()
export class TabularHealth implements HealthContributor, OnModuleInit {
  readonly name = 'tabular_models';
  readonly isRequired = false;

  constructor(
    private readonly host: TabularHost,
    private readonly registry: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  checkHealth(): HealthReport {
    const models = this.host.status();
    const isUp = models.length === 0 || models.some(({ state }) => state !== 'missing');
    return {
      status: isUp ? 'up' : 'down',
      ...Object.fromEntries(
        models.map(({ name, task, state, version, reason, loadedVersions }) => [
          name,
          { task, state, version, reason, loaded_versions: loadedVersions },
        ]),
      ),
    };
  }
}
