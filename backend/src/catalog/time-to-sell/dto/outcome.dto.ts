import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsNumber, IsUUID, Max, Min, ValidateIf } from 'class-validator';
import type { SaleClass } from '../../sale-class.js';

const isGiven = (_dto: object, value: unknown): boolean => value !== undefined && value !== null;
/** A hundred years. */
const MAX_DAYS = 36_500;

/** How long a product took to be sold: in days, as a class, or both. */
export class OutcomeInputDto {
  /** The prediction that is judged; with it, its product where it has one. */
  @ApiProperty({ type: String, format: 'uuid', required: false, nullable: true })
  @ValidateIf(isGiven)
  @IsUUID()
  prediction_id?: string | null;

  /** The product that was sold, where no prediction is named. */
  @ApiProperty({
    type: 'integer',
    required: false,
    nullable: true,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  product_id?: number | null;

  /** Days from its being offered to its being sold. */
  @ApiProperty({ type: 'number', required: false, nullable: true, minimum: 0, maximum: MAX_DAYS })
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(0)
  @Max(MAX_DAYS)
  days_to_sell?: number | null;

  /** 0 fast, 1 normal, 2 very long; what the days say where it is left out. */
  @ApiProperty({ enum: [0, 1, 2], required: false, nullable: true })
  @ValidateIf(isGiven)
  @IsIn([0, 1, 2])
  delai_vente?: SaleClass | null;
}

/** An outcome as it is stored now. */
export class OutcomeDto {
  /** Identity of the outcome: one a product, or a prediction of none. */
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** The product it is about. */
  @ApiProperty({ type: 'integer', nullable: true })
  product_id!: number | null;

  /** The prediction it is about, where that names no product. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  prediction_id!: string | null;

  /** Days to sell, where they were told. */
  @ApiProperty({ type: 'number', nullable: true })
  days_to_sell!: number | null;

  /** 0 fast, 1 normal, 2 very long. */
  @ApiProperty({ enum: [0, 1, 2] })
  delai_vente!: SaleClass;

  /** `unchanged` where the same was reported before, `updated` where something else was. */
  @ApiProperty({ enum: ['created', 'updated', 'unchanged'] })
  status!: 'created' | 'updated' | 'unchanged';

  /** When it was reported, or last corrected. */
  reported_at!: Date;
}
