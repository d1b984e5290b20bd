import { ApiProperty } from '@nestjs/swagger';

/** One category of the data set. */
export class CategoryDto {
  /** Id in the data set. */
  @ApiProperty({ type: 'integer' })
  category_id!: number;

  /** Its name. */
  label!: string;
}
