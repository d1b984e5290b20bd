export type { Dataset, DatasetRow } from './datasets/dataset.js';
