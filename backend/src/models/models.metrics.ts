import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { observeGauge } from '../telemetry/observed-gauges.js';
import { ModelHost } from './host/model-host.js';

const readiness = { ready: 1, degraded: 0.5, missing: 0 } as const;

/** How well each model is being served, as a metric to be alerted on. */
@Injectable()
export class ModelsMetrics implements OnModuleInit, OnModuleDestroy {
  private end = (): void => {};

  constructor(private readonly host: ModelHost) {}

  onModuleInit(): void {
    this.end = observeGauge({
      name: 'vitrine.model.readiness',
      description: '1: the wanted version serves; 0.5: an earlier one does; 0: none',
      unit: '1',
      observe: (tell) => {
        for (const { name, modality, state, version } of this.host.status()) {
          tell(readiness[state], {
            'vitrine.model.name': name,
            'vitrine.modality': modality,
            ...(version === null ? {} : { 'vitrine.model.version': version }),
          });
        }
      },
    });
  }

  onModuleDestroy(): void {
    this.end();
  }
}
