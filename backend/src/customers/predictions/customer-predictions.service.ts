import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { TabularPrediction } from '@vitrine/inference';
import { AppConfig } from '../../config/app-config.js';
import { uuidV7 } from '../../common/store/uuid-v7.js';
import type { AuthUser } from '../../users/auth-user.js';
import { TabularHost } from '../../models/tabular/tabular-host.js';
import { CustomerModelNotReadyError, FeaturesIncompleteError } from '../customers.errors.js';
import type { CustomerOutcomesDto, CustomerOutcomesResultDto } from '../dto/customer-outcomes.dto.js';
import { toAccuracyDto } from '../dto/to-accuracy-dto.js';
import type {
  CustomerPredictDto,
  CustomerPredictionDto,
  PredictFeaturesDto,
} from '../dto/customer-predict.dto.js';
import { MODEL_FEATURES } from '../features/customer-features.js';
import { FeatureReader } from '../features/feature-reader.js';
import { AccuracyMonitor } from './accuracy-monitor.js';
import { CustomerPredictionsRepository } from './customer-predictions.repository.js';

/** Which label a customer is expected to have; every answer is stored before it is given. */
@Injectable()
export class CustomerPredictionsService implements OnModuleInit {
  private readonly modelName: string;

  constructor(
    { customers }: AppConfig,
    private readonly host: TabularHost,
    private readonly features: FeatureReader,
    private readonly predictions: CustomerPredictionsRepository,
    private readonly monitor: AccuracyMonitor,
  ) {
    this.modelName = customers.modelName;
  }

  onModuleInit(): void {
    this.host.serve(this.modelName, 'customer-label');
  }

  /**
   * Answers for one customer.
   *
   * @throws CustomerModelNotReadyError, CustomerNotFoundError, FeaturesIncompleteError
   */
  async predict(
    user: AuthUser,
    { idx, features: given }: CustomerPredictDto,
  ): Promise<CustomerPredictionDto> {
    if (!this.host.current(this.modelName)) throw new CustomerModelNotReadyError(this.modelName);
    const features = given ? pickFeatures(given) : await this.readFeatures(idx);
    const answered = this.host.use(this.modelName, async (predictor, { version, manifest }) => {
      const [prediction] = await predictor.predict([{ ...features }]);
      return { version, ...findLabel(prediction!, manifest.categories) };
    });
    if (!answered) throw new CustomerModelNotReadyError(this.modelName);
    const { version, label, probability } = await answered;
    const now = Date.now();
    const id = uuidV7(now);
    await this.predictions.insert({
      id,
      createdAt: new Date(now),
      userId: user.id,
      idx,
      features,
      fromFeatureStore: given === undefined,
      label,
      probability,
      modelName: this.modelName,
      modelVersion: version,
    });
    return { prediction_id: id, idx, label, probability, model: { name: this.modelName, version } };
  }

  /** Takes what became of one's own predictions (administrators: of anyone's), and checks the model's accuracy. */
  async judge(user: AuthUser, { outcomes }: CustomerOutcomesDto): Promise<CustomerOutcomesResultDto> {
    const judged = await this.predictions.judge(
      outcomes.map(({ prediction_id, label }) => ({ predictionId: prediction_id, label })),
      user.isAdmin ? null : user.id,
    );
    const known = new Set(judged);
    const unknown = outcomes
      .map(({ prediction_id }) => prediction_id)
      .filter((id) => !known.has(id.toLowerCase()));
    const accuracy = judged.length > 0 ? this.monitor.check() : this.monitor.readAccuracy();
    return { judged: known.size, unknown: [...new Set(unknown)], accuracy: toAccuracyDto(await accuracy) };
  }

  private async readFeatures(idx: number): Promise<PredictFeaturesDto> {
    const features = await this.features.getFeatures(idx);
    const missing = MODEL_FEATURES.filter((name) => features[name] === null);
    if (missing.length > 0) throw new FeaturesIncompleteError(missing);
    return pickFeatures(features as PredictFeaturesDto);
  }
}

/** The features in an order of their own, whatever order they came in. */
function pickFeatures({ attr_a, attr_b, scd_a, scd_b }: PredictFeaturesDto): PredictFeaturesDto {
  return { attr_a, attr_b, scd_a, scd_b };
}

/** The more probable label; the first of equal ones. */
function findLabel(
  { probabilities }: TabularPrediction,
  categories: readonly { id: number }[],
): { label: number; probability: number } {
  const best = probabilities.indexOf(Math.max(...probabilities));
  return { label: categories[best]!.id, probability: probabilities[best]! };
}
