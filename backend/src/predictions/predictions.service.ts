import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { withSpan } from '../telemetry/tracing.js';
import type { AuthUser } from '../users/auth-user.js';
import { Classifier, type Classification } from './classifier.js';
import type { CategoryProbabilityDto, PredictionDto } from './dto/prediction.dto.js';
import { Prediction } from './entities/prediction.entity.js';
import type { ProductQuery } from './input/product-query.js';
import { PredictionNotFoundError } from './predictions.errors.js';
import { digestInput } from './store/input-hash.js';
import { PredictionWriter } from './store/prediction-writer.js';
import { toStorableText } from '../common/store/storable-text.js';
import { uuidV7 } from '../common/store/uuid-v7.js';

/** Categories that are stored with a prediction. */
const STORED_CATEGORIES = 5;

/** Where products belong; every answer is stored before it is given. */
@Injectable()
export class PredictionsService {
  constructor(
    private readonly classifier: Classifier,
    private readonly writer: PredictionWriter,
    @InjectRepository(Prediction) private readonly stored: Repository<Prediction>,
  ) {}

  /**
   * Answers for one product.
   *
   * @throws AppError `model-not-ready`, `overloaded`, `database-unavailable`, or one of the input's
   */
  async predict(query: ProductQuery, userId: string): Promise<PredictionDto> {
    const start = performance.now();
    const classification = await this.classifier.classify(query);
    const ranked = rankCategories(classification);
    const record = buildRecord(query, userId, classification, ranked);
    const storing = performance.now();
    await withSpan('store prediction', {}, () => this.writer.write(record));
    const end = performance.now();
    const { model, prediction } = classification;
    return {
      prediction_id: record.id,
      modality: prediction.modality,
      model: { name: model.name, version: model.version },
      abstained: prediction.abstained,
      categories: query.limit === null ? ranked : ranked.slice(0, query.limit),
      timings_ms: roundTimings({ ...prediction.timings, store: end - storing, total: end - start }),
    };
  }

  /**
   * A stored prediction; administrators see those of everyone.
   *
   * @throws PredictionNotFoundError where there is none that this user may see
   */
  async getPrediction(user: AuthUser, id: string): Promise<Prediction> {
    const prediction = await this.stored.findOneBy(user.isAdmin ? { id } : { id, userId: user.id });
    if (!prediction) throw new PredictionNotFoundError();
    return prediction;
  }
}

/** Every category by falling probability; equal ones stay in the model's order. */
function rankCategories({ prediction, model }: Classification): CategoryProbabilityDto[] {
  const { probabilities } = prediction;
  return model.manifest.categories
    .map(({ id, label }, i) => ({ category_id: id, label, probability: probabilities[i] as number }))
    .sort((a, b) => b.probability - a.probability);
}

function buildRecord(
  query: ProductQuery,
  userId: string,
  { prediction, model }: Classification,
  ranked: readonly CategoryProbabilityDto[],
): Prediction {
  const now = Date.now();
  const top = ranked.slice(0, STORED_CATEGORIES);
  return {
    id: uuidV7(now),
    createdAt: new Date(now),
    userId,
    modality: prediction.modality,
    modelName: model.name,
    modelVersion: model.version,
    designation: query.designation === null ? null : toStorableText(query.designation),
    description: query.description === null ? null : toStorableText(query.description),
    ...digestInput(query),
    categoryId: (ranked[0] as CategoryProbabilityDto).category_id,
    categoryIds: top.map((category) => category.category_id),
    probabilities: top.map((category) => category.probability),
    abstained: prediction.abstained,
    timingsMs: roundTimings(prediction.timings),
  };
}

/** To microseconds: more is noise. */
function roundTimings(timings: Readonly<Record<string, number>>): Record<string, number> {
  const rounded: Record<string, number> = {};
  for (const stage in timings) rounded[stage] = Math.round((timings[stage] as number) * 1000) / 1000;
  return rounded;
}
