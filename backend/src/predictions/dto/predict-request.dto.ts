import { ApiProperty } from '@nestjs/swagger';
import { DESCRIPTION_MAX_LENGTH, DESIGNATION_MAX_LENGTH } from '../input/product-query.js';

/** A product to be classified, in JSON: a text, an image, or both. */
export class PredictRequestDto {
  /** Title of the product, as it is: HTML, entities and any script are understood. */
  @ApiProperty({ type: String, required: false, nullable: true, maxLength: DESIGNATION_MAX_LENGTH })
  designation?: string | null;

  /** Longer text about it. */
  @ApiProperty({ type: String, required: false, nullable: true, maxLength: DESCRIPTION_MAX_LENGTH })
  description?: string | null;

  /** How many categories the answer holds at most; all where it is left out. */
  @ApiProperty({ type: 'integer', required: false, nullable: true, minimum: 1 })
  limit?: number | null;

  /** Photo (JPEG, PNG or WebP) in base64, with or without a data URL's prefix. */
  @ApiProperty({ type: String, required: false, nullable: true, format: 'byte' })
  image?: string | null;
}

/** A product to be classified, as a multipart form. */
export class PredictFormDto {
  /** Title of the product, as it is: HTML, entities and any script are understood. */
  @ApiProperty({ type: String, required: false, maxLength: DESIGNATION_MAX_LENGTH })
  designation?: string;

  /** Longer text about it. */
  @ApiProperty({ type: String, required: false, maxLength: DESCRIPTION_MAX_LENGTH })
  description?: string;

  /** How many categories the answer holds at most; all where it is left out. */
  @ApiProperty({ type: 'integer', required: false, minimum: 1 })
  limit?: number;

  /** Photo (JPEG, PNG or WebP). */
  @ApiProperty({ type: String, required: false, format: 'binary' })
  image?: unknown;
}
