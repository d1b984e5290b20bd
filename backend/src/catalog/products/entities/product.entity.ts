import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm';
import type { SaleClass } from '../../sale-class.js';

/** Postgres answers 64-bit numbers as text: ids are kept where a number holds them exactly. */
const toNumber: ValueTransformer = { to: (value: unknown) => value, from: Number };

/** One product of the shop. Names are those of the table, of the files and of the API. */
@Entity('catalog')
export class Product {
  /** The shop's own number, 0 to 2^53 − 1. */
  @PrimaryColumn({ type: 'bigint', transformer: toNumber })
  id!: number;

  @Column({ type: 'integer', nullable: true })
  nb_images!: number | null;

  /** Size of the first photo in pixels. */
  @Column({ type: 'double precision', nullable: true })
  longueur_image!: number | null;

  @Column({ type: 'double precision', nullable: true })
  largeur_image!: number | null;

  @Column({ type: 'text', nullable: true })
  description_produit!: string | null;

  /** As the seller entered it: 1920, 0 and 19201930 occur. */
  @Column({ type: 'integer', nullable: true })
  annee!: number | null;

  @Column({ type: 'text', nullable: true })
  couleur!: string | null;

  /** Euros. */
  @Column({ type: 'double precision', nullable: true })
  prix!: number | null;

  @Column({ type: 'text', nullable: true })
  categorie!: string | null;

  @Column({ type: 'text', nullable: true })
  nom_produit!: string | null;

  /** How long it took to be sold: 0 fast, 1 normal, 2 very long; null where that is not known. */
  @Column({ type: 'smallint', nullable: true })
  delai_vente!: SaleClass | null;
}
