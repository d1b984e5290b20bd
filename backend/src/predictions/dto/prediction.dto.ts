import { ApiProperty } from '@nestjs/swagger';
import type { Modality } from '@vitrine/inference';

/** A category with its probability. */
export class CategoryProbabilityDto {
  /** Id of the category in the data set that the model learned from. */
  @ApiProperty({ type: 'integer' })
  category_id!: number;

  /** Name of the category. */
  label!: string;

  /** Calibrated probability; those of all categories sum to 1. */
  @ApiProperty({ type: 'number', minimum: 0, maximum: 1 })
  probability!: number;
}

/** The model version that answered. */
export class AnsweringModelDto {
  /** Name of the registered model. */
  name!: string;

  /** Its version. */
  @ApiProperty({ type: 'integer' })
  version!: number;
}

/** Where one product belongs. */
export class PredictionDto {
  /** Id of the stored prediction: feedback refers to it. */
  @ApiProperty({ format: 'uuid' })
  prediction_id!: string;

  /** What the answer is from: a model that is not in service is stood in for by another. */
  @ApiProperty({ enum: ['text', 'image', 'fusion'] })
  modality!: Modality;

  /** The model version that answered. */
  model!: AnsweringModelDto;

  /** True where the model is too unsure for its answer to be relied on. */
  abstained!: boolean;

  /** Categories by falling probability, cut to `limit`. */
  @ApiProperty({ type: [CategoryProbabilityDto] })
  categories!: CategoryProbabilityDto[];

  /** Milliseconds by stage, such as `text`, `decode`, `network`, `store`, and `total`. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  timings_ms!: Record<string, number>;
}
