import type { SaleClass } from '../../sale-class.js';
import { OptionalField, RequiredField } from './product-fields.decorators.js';

/** What is known of a product but its id; `PATCH` leaves what it does not name as it is. */
export class ProductFieldsDto {
  /** How many photos there are. */
  @OptionalField('nb_images')
  nb_images?: number | null;

  /** Length of the first photo in pixels. */
  @OptionalField('longueur_image')
  longueur_image?: number | null;

  /** Width of the first photo in pixels. */
  @OptionalField('largeur_image')
  largeur_image?: number | null;

  /** What is said of the product. */
  @OptionalField('description_produit')
  description_produit?: string | null;

  /** Year of the product, as the seller entered it. */
  @OptionalField('annee')
  annee?: number | null;

  /** Its colour. */
  @OptionalField('couleur')
  couleur?: string | null;

  /** Its price in euros. */
  @OptionalField('prix')
  prix?: number | null;

  /** The shelf it is on. */
  @OptionalField('categorie')
  categorie?: string | null;

  /** Its title. */
  @OptionalField('nom_produit')
  nom_produit?: string | null;

  /** How long it took to be sold: 0 fast, 1 normal, 2 very long; null where that is not known. */
  @OptionalField('delai_vente')
  delai_vente?: SaleClass | null;
}

/** A product that the catalogue does not have. */
export class CreateProductDto extends ProductFieldsDto {
  /** The shop's own number of the product. */
  @RequiredField('id')
  id!: number;
}
