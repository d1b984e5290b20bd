import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

const probability = { type: 'number', minimum: 0, maximum: 1 } as const;
const anyValue: ApiPropertyOptions = {
  oneOf: [{ type: 'number' }, { type: 'string' }],
  nullable: true,
  required: false,
};

/** The registered version that answered. */
export class SaleModelDto {
  /** Name of the registered model. */
  name!: string;

  /** Its version. */
  @ApiProperty({ type: 'integer' })
  version!: number;
}

/** How fast a product will sell. */
export class SalePredictionDto {
  /** Probability that it sells fast. */
  @ApiProperty(probability)
  '0'!: number;

  /** Probability that it takes the normal time. */
  @ApiProperty(probability)
  '1'!: number;

  /** Probability that it takes very long. */
  @ApiProperty(probability)
  '2'!: number;

  /** The snapshot that answered. */
  @ApiProperty({ format: 'uuid' })
  snapshot_id!: string;

  /** The registered version of that snapshot. */
  model!: SaleModelDto;

  /** Id of the stored prediction: outcomes refer to it. */
  @ApiProperty({ format: 'uuid' })
  prediction_id!: string;

  /** The product it is about, where an id was given. */
  @ApiProperty({ type: 'integer', nullable: true })
  product_id!: number | null;
}

/**
 * A product of the catalogue by `product_id`, or the fields of any product. Where both are given, the fields are
 * answered from. A field may be missing, null, `"nan"` or a number in a text; a colour or a category that the model
 * has never seen counts as unknown.
 */
export class SaleQueryDto {
  /** A product of the catalogue; with fields beside it, any product's number. */
  @ApiProperty({ type: 'integer', required: false, nullable: true, minimum: 0 })
  product_id?: number | null;

  /** How many photos there are. */
  @ApiProperty(anyValue)
  nb_images?: number | string | null;

  /** Length of the first photo in pixels. */
  @ApiProperty(anyValue)
  longueur_image?: number | string | null;

  /** Width of the first photo in pixels. */
  @ApiProperty(anyValue)
  largeur_image?: number | string | null;

  /** What is said of the product. */
  @ApiProperty(anyValue)
  description_produit?: number | string | null;

  /** Year of the product. */
  @ApiProperty(anyValue)
  annee?: number | string | null;

  /** Its colour. */
  @ApiProperty(anyValue)
  couleur?: number | string | null;

  /** Its price in euros. */
  @ApiProperty(anyValue)
  prix?: number | string | null;

  /** The shelf it is on. */
  @ApiProperty(anyValue)
  categorie?: number | string | null;

  /** Its title. */
  @ApiProperty(anyValue)
  nom_produit?: number | string | null;
}
