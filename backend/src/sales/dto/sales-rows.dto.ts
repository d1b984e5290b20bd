import { ApiProperty } from '@nestjs/swagger';

/** A weekly record as it was received. */
export class RawSalesDto {
  /** Week, `%Y%W`. */
  @ApiProperty({ type: 'integer', example: 202001 })
  year_week!: number;

  /** Name as it was received. */
  vegetable!: string;

  /** Kilos. */
  sales!: number;
}

/** Sales of a vegetable in a month. */
export class MonthlySalesDto {
  /** Month, `YYYYMM`. */
  @ApiProperty({ type: 'integer', example: 202001 })
  year_month!: number;

  /** Clean English name. */
  vegetable!: string;

  /** Kilos. */
  sales!: number;

  /** Whether an outlier week is in them. */
  is_outlier!: boolean;
}

/** A name that nobody knows. */
export class UnknownNameDto {
  /** Name as it was received. */
  name!: string;

  /** What monthly sales call it. */
  vegetable!: string;

  /** For how many weeks it was received. */
  @ApiProperty({ type: 'integer' })
  weeks!: number;
}
