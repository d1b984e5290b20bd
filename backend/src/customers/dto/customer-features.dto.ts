import { ApiProperty } from '@nestjs/swagger';
import type { CustomerFeatures } from '../features/customer-features.js';

/** One customer's row of the feature store. */
export class CustomerFeaturesDto {
  /** Index of the customer. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  idx!: number;

  /** Attribute of the profile. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  attr_a!: number;

  /** Attribute of the profile. */
  @ApiProperty({ enum: ['a', 'b', 'c', 'd'] })
  attr_b!: string;

  /** Activity; null where none was valid at the time. */
  @ApiProperty({ type: Number, minimum: 0, maximum: 1, nullable: true })
  scd_a!: number | null;

  /** Activity; null where none was valid at the time. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5, nullable: true })
  scd_b!: number | null;

  /** The label that has arrived for this customer, if any. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 1, nullable: true })
  label!: number | null;

  /** The time that the activity is of. */
  valid_at!: Date;
}

/** What callers see of features. */
export function toCustomerFeaturesDto({ validAt, ...features }: CustomerFeatures): CustomerFeaturesDto {
  return { ...features, valid_at: validAt };
}
