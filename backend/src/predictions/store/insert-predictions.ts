import type { Prediction } from '../entities/prediction.entity.js';

/** Column, its array type and how a prediction fills it. */
const columns: readonly [name: string, type: string, read: (row: Prediction) => unknown, cast?: string][] = [
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
  // `unnest` would flatten an array of arrays: these travel as array literals.
  ['category_ids', 'text', (row) => `{${row.categoryIds.join(',')}}`, 'integer[]'],
  ['probabilities', 'text', (row) => `{${row.probabilities.join(',')}}`, 'double precision[]'],
  ['abstained', 'boolean', (row) => row.abstained],
  ['timings_ms', 'text', (row) => JSON.stringify(row.timingsMs), 'jsonb'],
];

/** One statement for any number of rows, hence prepared once. */
export const INSERT_PREDICTIONS_SQL = `INSERT INTO predictions (${columns.map(([name]) => name).join(', ')})
SELECT ${columns.map(([name, , , cast]) => (cast ? `${name}::${cast}` : name)).join(', ')}
FROM unnest(${columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})
AS rows (${columns.map(([name]) => name).join(', ')})`;

/** The statement's parameters: one array a column. */
export function insertPredictionsParameters(rows: readonly Prediction[]): unknown[][] {
  return columns.map(([, , read]) => rows.map(read));
}
