import { Column, Entity } from 'typeorm';
import { TimestampedEntity } from '../../common/entities/timestamped.entity.js';

/** What a user says is the right category of a product. */
@Entity('feedback')
export class Feedback extends TimestampedEntity {
  /** Who says so. */
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** The prediction it is about (unique: `feedback_prediction_key`), or null where it is about a product. */
  @Column({ name: 'prediction_id', type: 'uuid', nullable: true })
  predictionId!: string | null;

  /** The caller's own name of the product, or null where it is about a prediction. */
  @Column({ name: 'product_id', type: 'text', nullable: true })
  productId!: string | null;

  /** The model version that is judged: copied from the prediction, so that figures outlive it. */
  @Column({ name: 'model_name', type: 'text' })
  modelName!: string;

  @Column({ name: 'model_version', type: 'integer' })
  modelVersion!: number;

  /** What the model had answered; null where it is not known. */
  @Column({ name: 'predicted_category_id', type: 'integer', nullable: true })
  predictedCategoryId!: number | null;

  @Column({ name: 'real_category_id', type: 'integer' })
  realCategoryId!: number;
}
