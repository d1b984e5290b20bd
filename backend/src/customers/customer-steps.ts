import { Injectable } from '@nestjs/common';
import { DerivedTables } from './features/derived-tables.js';
import { CLIENT_DATASETS, datasets, type DatasetName } from './loading/datasets.js';
import { FileLoader } from './loading/file-loader.js';
import { monthOf } from './loading/month.js';
import { Publisher } from './loading/publisher.js';
import type { StepContext, StepResult } from './loading/step.js';
import { LabelOutcomes } from './predictions/label-outcomes.js';
import { featureStoreChecks, stagedChecks } from './quality/customer-checks.js';
import { QualityRunner } from './quality/quality-runner.js';
import { LabelTraining } from './training/label-training.js';

/**
 * The steps of the customer pipelines. Each is one transaction, idempotent, ended early by its signal, and fails with a
 * `StepError` whose `isPermanent` says whether trying again makes sense.
 *
 * - `load-client-data`: `loadProfiles`, `loadActivity`, `loadLabels`, `loadStores` (stage) → `checkProfiles`,
 *   `checkActivity`, `checkLabels` (these two also need the staged profiles), `checkStores` → `publishClientData`
 * - `load-sales-data`: `loadMonth` → `checkMonth` → `publishMonth` → `refreshMonthlySales` → `refreshMonthlyAverages`
 *   and after `publishClientData`: `judgePredictions`
 * - `process-data`: `refreshActivityLatest`, `refreshFeatureStore` → `checkFeatureStore`
 * - `train-customer-label`: `checkFeatureStore` → `trainLabelModel` → `promoteLabelModel`
 */
@Injectable()
export class CustomerSteps {
  constructor(
    private readonly loader: FileLoader,
    private readonly publisher: Publisher,
    private readonly derived: DerivedTables,
    private readonly quality: QualityRunner,
    private readonly outcomes: LabelOutcomes,
    private readonly training: LabelTraining,
  ) {}

  /** Stages `customer_profiles`. @throws SourceFileError */
  readonly loadProfiles = (context: StepContext): Promise<StepResult> => this.load('profiles', context);

  /** Stages `customer_activity`. @throws SourceFileError */
  readonly loadActivity = (context: StepContext): Promise<StepResult> => this.load('activity', context);

  /** Stages `labels`. @throws SourceFileError */
  readonly loadLabels = (context: StepContext): Promise<StepResult> => this.load('labels', context);

  /** Stages `stores`. @throws SourceFileError */
  readonly loadStores = (context: StepContext): Promise<StepResult> => this.load('stores', context);

  /** Stages the sales of one month: the parameter `month`, else that of `scheduledFor`. @throws SourceFileError */
  readonly loadMonth = (context: StepContext): Promise<StepResult> => this.load('sales', context);

  /** @throws QualityError */
  readonly checkProfiles = (context: StepContext): Promise<StepResult> => this.check('profiles', context);

  /** @throws QualityError */
  readonly checkActivity = (context: StepContext): Promise<StepResult> => this.check('activity', context);

  /** @throws QualityError */
  readonly checkLabels = (context: StepContext): Promise<StepResult> => this.check('labels', context);

  /** @throws QualityError */
  readonly checkStores = (context: StepContext): Promise<StepResult> => this.check('stores', context);

  /** Checks the staged month; its stores must be published. @throws QualityError */
  readonly checkMonth = (context: StepContext): Promise<StepResult> => this.check('sales', context);

  /** Replaces profiles, activity, labels and stores by what is staged, all at once. @throws StepError */
  readonly publishClientData = (context: StepContext): Promise<StepResult> =>
    this.publisher.publish(CLIENT_DATASETS, null, context);

  /** Replaces the sales of one month by what is staged; other months are not touched. @throws StepError */
  readonly publishMonth = async (context: StepContext): Promise<StepResult> =>
    this.publisher.publish(['sales'], monthOf(context), context);

  /** Recomputes `monthly_sales` of one month. */
  readonly refreshMonthlySales = async (context: StepContext): Promise<StepResult> =>
    this.derived.refreshMonthlySales(monthOf(context), context);

  /** Recomputes `monthly_avg_count`. */
  readonly refreshMonthlyAverages = (context: StepContext): Promise<StepResult> =>
    this.derived.refreshMonthlyAverages(context);

  /** Recomputes `customer_activity_latest`. */
  readonly refreshActivityLatest = (context: StepContext): Promise<StepResult> =>
    this.derived.refreshActivityLatest(context);

  /** Recomputes `feature_store`. */
  readonly refreshFeatureStore = (context: StepContext): Promise<StepResult> =>
    this.derived.refreshFeatureStore(context);

  /** Whether `feature_store` is complete and fresh: the gate of `train-customer-label`. @throws QualityError */
  readonly checkFeatureStore = (context: StepContext): Promise<StepResult> =>
    this.quality.check(featureStoreChecks, { context, month: null });

  /**
   * Judges predictions by labels that have arrived since, and checks the model's accuracy: `AccuracyMonitor` tells its
   * listeners where it is too low.
   */
  readonly judgePredictions = (context: StepContext): Promise<StepResult> => this.outcomes.judge(context);

  /** Trains and registers the label model on the feature store. @throws TrainingFailedError, TrainingUnavailableError */
  readonly trainLabelModel = (context: StepContext): Promise<StepResult> => this.training.train(context);

  /** Promotes what the run has trained; where the gate refuses, the details say why. */
  readonly promoteLabelModel = (context: StepContext): Promise<StepResult> => this.training.promote(context);

  private async load(name: DatasetName, context: StepContext): Promise<StepResult> {
    const dataset = datasets[name];
    return this.loader.load(dataset, dataset.isMonthly ? monthOf(context) : null, context);
  }

  private async check(name: DatasetName, context: StepContext): Promise<StepResult> {
    const month = datasets[name].isMonthly ? monthOf(context) : null;
    return this.quality.check(stagedChecks[name], { context, month });
  }
}
