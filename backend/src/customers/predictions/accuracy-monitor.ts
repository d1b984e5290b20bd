import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { CustomerPredictionsRepository } from './customer-predictions.repository.js';

/** Where the label model stands. */
export interface AccuracyReport {
  modelName: string;
  /** Version whose predictions were judged; null where there are none. */
  modelVersion: number | null;
  judged: number;
  /** Share that was right; null where none is judged. */
  accuracy: number | null;
  threshold: number;
  /** Whether the accuracy is below the threshold, over enough predictions. */
  isDegraded: boolean;
}

/** Told of a model whose accuracy fell below its threshold: starts a retraining. */
export type DegradedListener = (report: AccuracyReport) => Promise<void>;

/** Watches how right the label model's latest judged predictions are. */
@Injectable()
export class AccuracyMonitor {
  private readonly logger = new Logger(AccuracyMonitor.name);
  private readonly listeners: DegradedListener[] = [];

  constructor(
    private readonly config: AppConfig,
    private readonly predictions: CustomerPredictionsRepository,
  ) {}

  /** Has `listener` called after each check that finds the model degraded. */
  onDegraded(listener: DegradedListener): void {
    this.listeners.push(listener);
  }

  /** The accuracy of the version that answered last, over its latest judged predictions. */
  async readAccuracy(): Promise<AccuracyReport> {
    const { modelName, accuracy } = this.config.customers;
    const { threshold, window, minOutcomes } = accuracy;
    const counts = await this.predictions.countLatest(modelName, window);
    if (!counts) {
      return { modelName, modelVersion: null, judged: 0, accuracy: null, threshold, isDegraded: false };
    }
    const { modelVersion, judged, correct } = counts;
    const share = correct / judged;
    const isDegraded = judged >= minOutcomes && share < threshold;
    return { modelName, modelVersion, judged, accuracy: share, threshold, isDegraded };
  }

  /** Reads the accuracy and tells the listeners where the model is degraded; a listener that fails is logged. */
  async check(): Promise<AccuracyReport> {
    const report = await this.readAccuracy();
    if (!report.isDegraded) return report;
    this.logger.warn(
      `${report.modelName} version ${report.modelVersion}: accuracy ${report.accuracy!.toFixed(4)} ` +
        `of ${report.judged} judged predictions is below ${report.threshold}`,
    );
    for (const listener of this.listeners) {
      await listener(report).catch((error: unknown) =>
        this.logger.error(`The retraining did not start: ${String(error)}`),
      );
    }
    return report;
  }
}
