import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { observeGauge } from '../telemetry/observed-gauges.js';
import { FeedbackService } from './feedback.service.js';

/** Accuracy of each model version as users see it, as a metric to be alerted on. */
@Injectable()
export class FeedbackMetrics implements OnModuleInit, OnModuleDestroy {
  private end = (): void => {};

  constructor(private readonly feedback: FeedbackService) {}

  onModuleInit(): void {
    this.end = observeGauge({
      name: 'vitrine.feedback.accuracy',
      description: 'Share of judged predictions that were right, by model version',
      unit: '1',
      observe: async (tell) => {
        for (const { model_name, model_version, accuracy } of await this.feedback.getStats()) {
          if (accuracy !== null)
            tell(accuracy, { 'vitrine.model.name': model_name, 'vitrine.model.version': model_version });
        }
      },
    });
  }

  onModuleDestroy(): void {
    this.end();
  }
}
