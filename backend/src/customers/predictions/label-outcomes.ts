import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { StepContext, StepResult } from '../loading/step.js';
import { transact } from '../loading/transact.js';
import { AccuracyMonitor } from './accuracy-monitor.js';
import { JUDGE_BY_LABELS } from './customer-predictions.repository.js';

/** Judges predictions by the labels that were loaded after they were made. */
@Injectable()
export class LabelOutcomes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly monitor: AccuracyMonitor,
  ) {}

  /** Notes the outcomes that have become known and, where there are any, checks the model's accuracy. */
  async judge({ signal, log }: StepContext): Promise<StepResult> {
    const judged = await transact(this.dataSource, { signal }, (transaction) =>
      transaction.change(JUDGE_BY_LABELS),
    );
    const report = judged > 0 ? await this.monitor.check() : await this.monitor.readAccuracy();
    const accuracy = report.accuracy?.toFixed(4) ?? 'unknown';
    log(`${judged} predictions judged; accuracy ${accuracy} (threshold ${report.threshold})`);
    return { rowsIn: judged, rowsOut: judged, details: { ...report } };
  }
}
