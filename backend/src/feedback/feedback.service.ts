import { Injectable } from '@nestjs/common';
import type { PageQueryDto } from '../common/crud/page.dto.js';
import { isUniqueViolation } from '../common/errors/database-errors.js';
import { ModelsService } from '../models/models.service.js';
import { PredictionsService } from '../predictions/predictions.service.js';
import type { AuthUser } from '../users/auth-user.js';
import type { CreateFeedbackDto, UpdateFeedbackDto } from './dto/feedback-input.dto.js';
import type { ModelAccuracyDto } from './dto/feedback-stats.dto.js';
import type { Feedback } from './entities/feedback.entity.js';
import {
  CategoryUnknownError,
  FeedbackExistsError,
  FeedbackNotFoundError,
  FeedbackSubjectError,
} from './feedback.errors.js';
import { FeedbackRepository, type FeedbackScope } from './feedback.repository.js';

/** What feedback is about. */
type FeedbackSubject = Pick<
  Feedback,
  'predictionId' | 'productId' | 'modelName' | 'modelVersion' | 'predictedCategoryId'
>;

/** Fields that `prediction_id` makes superfluous. */
const PRODUCT_FIELDS = ['product_id', 'model_name', 'model_version', 'predicted_category_id'] as const;

/** The right categories of predictions, as users say, and what they make of each model version. */
@Injectable()
export class FeedbackService {
  constructor(
    private readonly feedback: FeedbackRepository,
    private readonly predictions: PredictionsService,
    private readonly models: ModelsService,
  ) {}

  /**
   * Takes feedback in; each prediction is judged once.
   *
   * @throws PredictionNotFoundError, ModelVersionNotFoundError, CategoryUnknownError, FeedbackExistsError
   */
  async createFeedback(user: AuthUser, input: CreateFeedbackDto): Promise<Feedback> {
    const subject = await this.findSubject(user, input);
    await this.requireCategories(subject, {
      real_category_id: input.real_category_id,
      predicted_category_id: subject.predictedCategoryId,
    });
    try {
      return await this.feedback.insert({
        ...subject,
        userId: user.id,
        realCategoryId: input.real_category_id,
      });
    } catch (error) {
      throw isUniqueViolation(error) ? new FeedbackExistsError(error) : error;
    }
  }

  /** One's own feedback; administrators list everyone's. */
  listFeedback(user: AuthUser, query: PageQueryDto): Promise<[Feedback[], number]> {
    return this.feedback.findPage(scopeOf(user), query);
  }

  /** @throws FeedbackNotFoundError */
  async getFeedback(user: AuthUser, id: string): Promise<Feedback> {
    const feedback = await this.feedback.findOne(scopeOf(user), id);
    if (!feedback) throw new FeedbackNotFoundError();
    return feedback;
  }

  /** @throws FeedbackNotFoundError, CategoryUnknownError */
  async updateFeedback(
    user: AuthUser,
    id: string,
    { real_category_id }: UpdateFeedbackDto,
  ): Promise<Feedback> {
    const feedback = await this.getFeedback(user, id);
    await this.requireCategories(feedback, { real_category_id });
    feedback.realCategoryId = real_category_id;
    return this.feedback.save(feedback);
  }

  /** @throws FeedbackNotFoundError */
  async deleteFeedback(user: AuthUser, id: string): Promise<void> {
    await this.feedback.delete(await this.getFeedback(user, id));
  }

  /** How often each model version was right, over everyone's feedback. */
  async getStats(): Promise<ModelAccuracyDto[]> {
    const counts = await this.feedback.countByModelVersion();
    return counts.map(({ modelName, modelVersion, total, judged, correct }) => ({
      model_name: modelName,
      model_version: modelVersion,
      total,
      judged,
      correct,
      accuracy: judged === 0 ? null : correct / judged,
    }));
  }

  private async findSubject(user: AuthUser, input: CreateFeedbackDto): Promise<FeedbackSubject> {
    if (input.prediction_id === undefined) return this.buildProductSubject(input);
    const superfluous = PRODUCT_FIELDS.filter((field) => input[field] !== undefined);
    if (superfluous.length > 0) throw new FeedbackSubjectError(superfluous);
    const prediction = await this.predictions.getPrediction(user, input.prediction_id);
    return {
      predictionId: prediction.id,
      productId: null,
      modelName: prediction.modelName,
      modelVersion: prediction.modelVersion,
      predictedCategoryId: prediction.categoryId,
    };
  }

  private buildProductSubject(input: CreateFeedbackDto): FeedbackSubject {
    return {
      predictionId: null,
      productId: input.product_id as string,
      modelName: input.model_name ?? this.models.getModelName('fusion'),
      modelVersion: input.model_version as number,
      predictedCategoryId: input.predicted_category_id ?? null,
    };
  }

  /** @throws CategoryUnknownError for the first field that names no category of the model version */
  private async requireCategories(
    { modelName, modelVersion }: Pick<Feedback, 'modelName' | 'modelVersion'>,
    ids: Readonly<Record<string, number | null>>,
  ): Promise<void> {
    const { categories } = await this.models.getManifest(modelName, modelVersion);
    for (const [field, id] of Object.entries(ids)) {
      if (id !== null && !categories.some((category) => category.id === id))
        throw new CategoryUnknownError(field);
    }
  }
}

/** Administrators see everything, others their own. */
function scopeOf(user: AuthUser): FeedbackScope {
  return user.isAdmin ? {} : { userId: user.id };
}
