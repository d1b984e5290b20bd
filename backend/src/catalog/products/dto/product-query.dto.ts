import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { PageQueryDto } from '../../../common/crud/page.dto.js';
import { productFields } from '../product-fields.js';

const { id, prix } = productFields;
const NO_NUL = { message: '$property must not contain NUL' };
const saleTimes = ['known', 'unknown', '0', '1', '2'] as const;

/** Which products are asked for, and which part of them; they come by their ids. */
export class ProductQueryDto extends PageQueryDto {
  /** Products on this shelf. */
  @ApiProperty({ type: String, required: false, maxLength: 200 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(/^[^\0]*$/, NO_NUL)
  categorie?: string;

  /** Products of this colour. */
  @ApiProperty({ type: String, required: false, maxLength: 200 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @Matches(/^[^\0]*$/, NO_NUL)
  couleur?: string;

  /** Products of this price or a higher one. */
  @ApiProperty({ type: 'number', required: false, minimum: prix.min, maximum: prix.max })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(prix.min)
  @Max(prix.max)
  prix_min?: number;

  /** Products of this price or a lower one. */
  @ApiProperty({ type: 'number', required: false, minimum: prix.min, maximum: prix.max })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(prix.min)
  @Max(prix.max)
  prix_max?: number;

  /** Products whose time to sell is `known`, `unknown`, or of this class. */
  @ApiProperty({ enum: saleTimes, required: false })
  @IsOptional()
  @IsIn(saleTimes)
  delai_vente?: (typeof saleTimes)[number];

  /**
   * Words of the title or the description, all of them, in any form and with or without accents; `"in this order"`,
   * `or` and `-without` are understood.
   */
  @ApiProperty({ type: String, required: false, maxLength: 200 })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  @Matches(/^[^\0]*$/, NO_NUL)
  q?: string;

  /** Products with a greater id than this one: `next_after` of the part before, as fast at the end as at the start. */
  @ApiProperty({ type: 'integer', required: false, minimum: id.min, maximum: id.max })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(id.min)
  @Max(id.max)
  after?: number;
}
