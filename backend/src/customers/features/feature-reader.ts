import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CustomerNotFoundError } from '../customers.errors.js';
import type { CustomerFeatures } from './customer-features.js';
import { SELECT_FEATURES_AT } from './feature-store-sql.js';

const SELECT_ONE = `
SELECT idx, attr_a, attr_b, scd_a, scd_b, label, valid_at FROM feature_store WHERE idx = $1`;

type FeatureRow = Omit<CustomerFeatures, 'idx' | 'validAt'> & { idx: string; valid_at: Date };

/** Reads one customer's features: the online side of the feature store. */
@Injectable()
export class FeatureReader {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The customer's row of the feature store.
   *
   * @throws CustomerNotFoundError
   */
  getFeatures(idx: number): Promise<CustomerFeatures> {
    return this.read(idx, SELECT_ONE, [idx]);
  }

  /**
   * The customer with the activity valid at any time; profile and label are today's.
   *
   * @throws CustomerNotFoundError
   */
  getFeaturesAt(idx: number, at: Date): Promise<CustomerFeatures> {
    return this.read(idx, SELECT_FEATURES_AT, [idx, at.toISOString()]);
  }

  private async read(idx: number, sql: string, parameters: unknown[]): Promise<CustomerFeatures> {
    const [row] = await this.dataSource.query<FeatureRow[]>(sql, parameters);
    if (!row) throw new CustomerNotFoundError(idx);
    const { valid_at: validAt, ...features } = row;
    return { ...features, idx, validAt };
  }
}
