import { ApiProperty } from '@nestjs/swagger';

/** How often a model version was right, as far as users said. */
export class ModelAccuracyDto {
  /** Registered model. */
  model_name!: string;

  /** Its version. */
  @ApiProperty({ type: 'integer' })
  model_version!: number;

  /** How much feedback there is. */
  @ApiProperty({ type: 'integer' })
  total!: number;

  /** To how much of it the model's answer is known. */
  @ApiProperty({ type: 'integer' })
  judged!: number;

  /** How often the answer was right. */
  @ApiProperty({ type: 'integer' })
  correct!: number;

  /** `correct` / `judged`; null where nothing is judged. */
  @ApiProperty({ type: 'number', minimum: 0, maximum: 1, nullable: true })
  accuracy!: number | null;
}
