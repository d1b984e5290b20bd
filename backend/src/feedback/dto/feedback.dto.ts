import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../common/crud/page.dto.js';
import type { Feedback } from '../entities/feedback.entity.js';

/** What a user says is the right category. */
export class FeedbackDto {
  /** Identity of the feedback. */
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** Who gave it. */
  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  /** The prediction it is about, if any. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  prediction_id!: string | null;

  /** The product it is about, if it is about no stored prediction. */
  @ApiProperty({ type: String, nullable: true })
  product_id!: string | null;

  /** Registered model that is judged. */
  model_name!: string;

  /** Its version. */
  @ApiProperty({ type: 'integer' })
  model_version!: number;

  /** What the model had answered, where that is known. */
  @ApiProperty({ type: 'integer', nullable: true })
  predicted_category_id!: number | null;

  /** The category that the product really belongs to. */
  @ApiProperty({ type: 'integer' })
  real_category_id!: number;

  /** Whether the model was right, where its answer is known. */
  @ApiProperty({ type: Boolean, nullable: true })
  is_correct!: boolean | null;

  /** When it was given. */
  created_at!: Date;

  /** When it was last corrected. */
  updated_at!: Date;
}

/** One part of the list of feedback. */
export class FeedbackPageDto extends PageOf(FeedbackDto) {}

/** What callers see of feedback. */
export function toFeedbackDto(feedback: Feedback): FeedbackDto {
  const { predictedCategoryId, realCategoryId } = feedback;
  return {
    id: feedback.id,
    user_id: feedback.userId,
    prediction_id: feedback.predictionId,
    product_id: feedback.productId,
    model_name: feedback.modelName,
    model_version: feedback.modelVersion,
    predicted_category_id: predictedCategoryId,
    real_category_id: realCategoryId,
    is_correct: predictedCategoryId === null ? null : predictedCategoryId === realCategoryId,
    created_at: feedback.createdAt,
    updated_at: feedback.updatedAt,
  };
}
