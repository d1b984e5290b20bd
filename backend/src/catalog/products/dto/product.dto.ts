import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/crud/page.dto.js';
import type { SaleClass } from '../../sale-class.js';

const nullableNumber = { type: 'number', nullable: true } as const;
const nullableInteger = { type: 'integer', nullable: true } as const;
const nullableText = { type: String, nullable: true } as const;

/** One product of the catalogue. */
export class ProductDto {
  /** The shop's own number of the product. */
  @ApiProperty({ type: 'integer' })
  id!: number;

  /** How many photos there are. */
  @ApiProperty(nullableInteger)
  nb_images!: number | null;

  /** Length of the first photo in pixels. */
  @ApiProperty(nullableNumber)
  longueur_image!: number | null;

  /** Width of the first photo in pixels. */
  @ApiProperty(nullableNumber)
  largeur_image!: number | null;

  /** What is said of the product. */
  @ApiProperty(nullableText)
  description_produit!: string | null;

  /** Year of the product, as the seller entered it. */
  @ApiProperty(nullableInteger)
  annee!: number | null;

  /** Its colour. */
  @ApiProperty(nullableText)
  couleur!: string | null;

  /** Its price in euros. */
  @ApiProperty(nullableNumber)
  prix!: number | null;

  /** The shelf it is on. */
  @ApiProperty(nullableText)
  categorie!: string | null;

  /** Its title. */
  @ApiProperty(nullableText)
  nom_produit!: string | null;

  /** How long it took to be sold: 0 fast, 1 normal, 2 very long; null where that is not known. */
  @ApiProperty({ ...nullableInteger, minimum: 0, maximum: 2 })
  delai_vente!: SaleClass | null;
}

/** One part of the list of products. */
export class ProductPageDto extends PageOf(ProductDto) {
  /** Whether `total` is all there are; beyond 10,000 products it is no more counted. */
  is_total_exact!: boolean;

  /** Give it as `after` for the next part, however deep in the list; null at the end. */
  @ApiProperty({ type: 'integer', nullable: true })
  next_after!: number | null;
}
