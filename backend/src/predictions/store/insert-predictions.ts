import { buildBulkInsert, type InsertColumn } from '../../common/store/bulk-insert.js';
import type { Prediction } from '../entities/prediction.entity.js';

const columns: readonly InsertColumn<Prediction>[] = [
  ['id', 'uuid', (row) => row.id],
  ['created_at', 'timestamptz', (row) => row.createdAt.toISOString()],
  ['user_id', 'uuid', (row) => row.userId],
  ['modality', 'text', (row) => row.modality],
  ['model_name', 'text', (row) => row.modelName],
  ['model_version', 'integer', (row) => row.modelVersion],
  ['designation', 'text', (row) => row.designation],
  ['description', 'text', (row) => row.description],
  ['image_sha256', 'text', (row) => row.imageSha256],
  ['input_hash', 'text', (row) => row.inputHash],
  ['category_id', 'integer', (row) => row.categoryId],
  ['category_ids', 'text', (row) => `{${row.categoryIds.join(',')}}`, 'integer[]'],
  ['probabilities', 'text', (row) => `{${row.probabilities.join(',')}}`, 'double precision[]'],
  ['abstained', 'boolean', (row) => row.abstained],
  ['timings_ms', 'text', (row) => JSON.stringify(row.timingsMs), 'jsonb'],
];

/** Stores predictions, any number at a time. */
export const insertPredictions = buildBulkInsert('predictions', columns);
