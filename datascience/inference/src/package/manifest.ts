/** One category of the data set: the set is data and travels in the package. */
export interface Category {
  id: number;
  label: string;
}

export type Modality = 'text' | 'image' | 'fusion';

/** A processor as packaged: `kind` and `version` name its code, `config` and `files` its state. */
export interface ProcessorSpec {
  kind: string;
  version: number;
  config: Record<string, unknown>;
  /** Paths relative to the package's root, by role (e.g. `{ vocabulary: 'processors/words.bin' }`). */
  files: Record<string, string>;
}

/** Calibration measured on data that neither the network nor the temperature was fitted on. */
export interface Calibration {
  /** Logits are divided by it before the softmax; 1 where the logits are calibrated already. */
  temperature: number;
  /** Below this probability of the best category the answer is `abstained`; 0 never abstains. */
  abstentionThreshold: number;
  /** Why the threshold is what it is; absent where it was set by hand. */
  abstention?: Abstention;
}

/** The precision that an abstention threshold was chosen for, and what it does on the held-out rows. */
export interface Abstention {
  /** Share of right answers that was asked for, in (0, 1). */
  statedPrecision: number;
  /** Whether held-out rows show, with 95 % confidence, that the threshold reaches it. */
  isReached: boolean;
  /** Share of right answers among the held-out rows that are answered. */
  precision: number;
  /** Share of the held-out rows that is answered. */
  coverage: number;
  /** Held-out rows. */
  rows: number;
}

/** A category's prediction as metrics of the test split; all in [0, 1] but `log_loss` (nats) and counts. */
export interface ModelMetrics {
  accuracy: number;
  weighted_f1: number;
  macro_f1: number;
  log_loss: number;
  ece: number;
  baseline_accuracy: number;
  n_train: number;
  n_test: number;
  train_seconds: number;
  [name: string]: number;
}

/** `manifest.json` of a model package. */
export interface ModelManifest {
  schemaVersion: 1;
  task: 'product-category';
  modality: Modality;
  createdAt: string;
  categories: Category[];
  /** In order of application. */
  processors: ProcessorSpec[];
  /** The part that turns processor output into logits, e.g. `{ kind: 'linear-text', … }` or `{ kind: 'onnx', … }`. */
  network: ProcessorSpec;
  calibration: Calibration;
  metrics: ModelMetrics;
  /** SHA-256 of the data set's identity (its `report.json` digest). */
  datasetHash: string;
  /** SHA-256 of the test split alone: two models are comparable where it is equal. */
  testHash: string;
  gitSha: string | null;
  runId: string;
  seed: number;
  /** SHA-256 (hex) of every file of the package but the manifest and `MLmodel`, by relative path. */
  files: Record<string, string>;
}

/** `golden.json`: raw inputs with the probabilities measured when the package was made. */
export interface GoldenFile {
  /** Largest absolute difference of a probability that still counts as the same. */
  tolerance: number;
  cases: GoldenCase[];
}

export interface GoldenCase {
  designation: string | null;
  description: string | null;
  /** Path within the package of the encoded photo, or null. */
  image: string | null;
  /** In the order of `manifest.categories`. */
  probabilities: number[];
}

/** What the tabular models of this product predict. */
export const TABULAR_TASKS = ['time-to-sell', 'customer-label'] as const;
export type TabularTask = (typeof TABULAR_TASKS)[number];

/** A raw field that a tabular model reads; every field may be missing. */
export interface TabularField {
  name: string;
  type: 'number' | 'string';
}

/**
 * `manifest.json` of a tabular model. Its metrics are those of the out-of-fold predictions of its cross-validation,
 * `testHash` identifies the rows and folds of it.
 */
export interface TabularManifest extends Omit<ModelManifest, 'task' | 'modality'> {
  task: TabularTask;
  modality: 'tabular';
  fields: TabularField[];
}

/** A manifest of either family. */
export type AnyManifest = ModelManifest | TabularManifest;

/** `golden.json` of a tabular model. */
export interface TabularGoldenFile {
  /** Largest absolute difference of a probability that still counts as the same. */
  tolerance: number;
  cases: TabularGoldenCase[];
}

export interface TabularGoldenCase {
  /** Raw values by field, as JSON holds them. */
  row: Record<string, unknown>;
  /** In the order of `manifest.categories`. */
  probabilities: number[];
}
