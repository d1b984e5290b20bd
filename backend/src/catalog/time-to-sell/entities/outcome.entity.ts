import { Column, Entity } from 'typeorm';
import { TimestampedEntity } from '../../../common/entities/timestamped.entity.js';
import type { SaleClass } from '../../sale-class.js';

/** How long a product took to be sold; about a prediction where that names no product. */
@Entity('time_to_sell_outcomes')
export class Outcome extends TimestampedEntity {
  @Column({ name: 'product_id', type: 'bigint', nullable: true })
  productId!: string | null;

  @Column({ name: 'prediction_id', type: 'uuid', nullable: true })
  predictionId!: string | null;

  @Column({ name: 'days_to_sell', type: 'double precision', nullable: true })
  daysToSell!: number | null;

  @Column({ name: 'delai_vente', type: 'smallint' })
  saleClass!: SaleClass;

  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;
}
