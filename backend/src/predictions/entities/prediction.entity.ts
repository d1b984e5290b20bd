import type { Modality } from '@vitrine/inference';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What was asked and answered, as stored before it was sent. The photo itself is not kept. */
@Entity('predictions')
export class Prediction {
  /** UUID version 7: later predictions have later ids. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** Who asked; null once that user is deleted. */
  @Index('predictions_user_id_idx')
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  /** Which model answered. */
  @Column({ type: 'text' })
  modality!: Modality;

  @Column({ name: 'model_name', type: 'text' })
  modelName!: string;

  @Column({ name: 'model_version', type: 'integer' })
  modelVersion!: number;

  /** As received, but for characters that no database text can hold. */
  @Column({ type: 'text', nullable: true })
  designation!: string | null;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  /** SHA-256 (hex) of the photo as uploaded. */
  @Column({ name: 'image_sha256', type: 'text', nullable: true })
  imageSha256!: string | null;

  /** SHA-256 (hex) of the whole input: equal inputs have equal hashes. */
  @Column({ name: 'input_hash', type: 'text' })
  inputHash!: string;

  /** The most probable category. */
  @Column({ name: 'category_id', type: 'integer' })
  categoryId!: number;

  /** The most probable categories, best first, with their probabilities beside them. */
  @Column({ name: 'category_ids', type: 'integer', array: true })
  categoryIds!: number[];

  @Column({ type: 'double precision', array: true })
  probabilities!: number[];

  /** Whether the best probability was below the model's threshold. */
  @Column({ type: 'boolean' })
  abstained!: boolean;

  /** Milliseconds by stage. */
  @Column({ name: 'timings_ms', type: 'jsonb' })
  timingsMs!: Record<string, number>;
}
