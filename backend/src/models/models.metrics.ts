import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { observeGauge } from '../telemetry/observed-gauges.js';
import { ModelHost } from './host/model-host.js';
import { TabularHost } from './tabular/tabular-host.js';

const readiness = { ready: 1, degraded: 0.5, missing: 0 } as const;

/** How well each model is being served, as a metric to be alerted on. */
@Injectable()
export class ModelsMetrics implements OnModuleInit, OnModuleDestroy {
  private end = (): void => {};

  constructor(
    private readonly host: ModelHost,
    private readonly tabular: TabularHost,
  ) {}

  onModuleInit(): void {
    this.end = observeGauge({
      name: 'vitrine.model.readiness',
      description: '1: the wanted version serves; 0.5: an earlier one does; 0: none',
      unit: '1',
      observe: (tell) => {
        const tabular = this.tabular.status().map((model) => ({ ...model, modality: 'tabular' as const }));
        for (const { name, modality, state, version } of [...this.host.status(), ...tabular]) {
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
