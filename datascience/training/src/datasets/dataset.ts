import type { Category } from '@vitrine/inference';

/** One product of a data set with its category. */
export interface DatasetRow {
  /** The index column of the source, kept as text. */
  index: string;
  designation: string;
  description: string | null;
  productId: string;
  imageId: string | null;
  /** Absolute path of the prepared photo, or null where the product has none. */
  imagePath: string | null;
  /** Position of its category in `Dataset.categories`. */
  label: number;
}

/** A created data set: what `create-dataset` writes and the trainers read. */
export interface Dataset {
  dir: string;
  categories: Category[];
  train: DatasetRow[];
  test: DatasetRow[];
  /** SHA-256 (hex) of the whole set's identity, from `report.json`. */
  hash: string;
  /** SHA-256 (hex) of the test split alone. */
  testHash: string;
}
