import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccuracyMonitor } from '../../customers/predictions/accuracy-monitor.js';
import { trainCustomerLabel } from '../catalogue/train-customer-label.js';
import { PipelineRegistry } from '../definitions/pipeline-registry.js';
import { RunStore } from '../store/run-store.js';
import { RunLauncher } from './run-launcher.js';

const HOUR_MS = 3_600_000;

/** Trains the label model anew when its judged predictions are too often wrong: once an hour at most, one at a time. */
@Injectable()
export class Retraining implements OnModuleInit {
  constructor(
    private readonly monitor: AccuracyMonitor,
    private readonly registry: PipelineRegistry,
    private readonly runs: RunStore,
    private readonly launcher: RunLauncher,
  ) {}

  onModuleInit(): void {
    this.monitor.onDegraded(({ accuracy, threshold }) =>
      this.start(`accuracy ${accuracy?.toFixed(3) ?? 'unknown'} is below ${threshold}`),
    );
  }

  private async start(reason: string): Promise<void> {
    const { id } = trainCustomerLabel;
    const definition = this.registry.find(id);
    const [[newest]] = await this.runs.findPage({ pipelineId: id }, 0, 1);
    if (!definition || newest?.state === 'queued' || newest?.state === 'running') return;
    const scheduledFor = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
    await this.launcher.transact((client) =>
      this.launcher.launch(client, definition, {
        scheduledFor,
        parameters: {},
        trigger: 'pipeline',
        triggeredBy: reason,
      }),
    );
  }
}
