import { mkdir } from 'node:fs/promises';
import { draftTabularPackage, finalizeTabularPackage } from '../../package/finalize-package.js';
import type { TabularManifest, TabularTask } from '../../package/manifest.js';
import type { ModelPackage } from '../../package/model-package.js';
import { FIELD_COLUMNS_KIND, FIELD_COLUMNS_VERSION, type FieldColumnsConfig } from '../field-columns.js';
import { LINEAR_TABULAR_KIND, LINEAR_TABULAR_VERSION, type LinearTabularConfig } from '../linear-tabular.js';
import { loadTabularPredictor } from '../tabular-predictor.js';
import type { TabularRow } from '../tabular-row.js';

/** What a small package holds; everything has a default. */
export interface LinearPackageOptions {
  task?: TabularTask;
  categories?: TabularManifest['categories'];
  /** Columns; by default the number `prix` and the code `categorie` of `mode` and `loisirs`. */
  columns?: FieldColumnsConfig;
  network?: LinearTabularConfig;
  golden?: readonly TabularRow[];
  metrics?: Record<string, number>;
  runId?: string;
}

const TIME_TO_SELL = ['rapide', 'normal', 'très long'].map((label, id) => ({ id, label }));
const COLUMNS: FieldColumnsConfig = {
  numbers: ['prix'],
  codes: [{ field: 'categorie', values: ['mode', 'loisirs'], as: 'one-hot' }],
};
const NETWORK: LinearTabularConfig = {
  means: [20, 0, 0],
  scales: [10, 1, 1],
  weights: [
    [-0.4, -0.5, 0.5],
    [0, 0, 0],
    [0.4, 0.5, -0.5],
  ],
  bias: [0, 0, 0],
};

/**
 * For tests: writes a small, genuine tabular package: logistic regression over numbers and codes, with hashes and
 * golden rows, as a trainer leaves it.
 */
export async function writeLinearTabularPackage(
  dir: string,
  options: LinearPackageOptions = {},
): Promise<ModelPackage<TabularManifest>> {
  await mkdir(dir, { recursive: true });
  const { columns = COLUMNS, network = NETWORK } = options;
  const pkg = draftTabularPackage(dir, {
    task: options.task ?? 'time-to-sell',
    categories: options.categories ?? TIME_TO_SELL,
    fields: [
      ...columns.numbers.map((name) => ({ name, type: 'number' as const })),
      ...columns.codes.map(({ field }) => ({ name: field, type: 'string' as const })),
    ],
    processors: [
      { kind: FIELD_COLUMNS_KIND, version: FIELD_COLUMNS_VERSION, config: { ...columns }, files: {} },
    ],
    network: {
      kind: LINEAR_TABULAR_KIND,
      version: LINEAR_TABULAR_VERSION,
      config: { ...network },
      files: {},
    },
    calibration: { temperature: 1, abstentionThreshold: 0 },
    metrics: {
      accuracy: 0.4,
      weighted_f1: 0.4,
      macro_f1: 0.4,
      log_loss: 1.05,
      ece: 0.02,
      baseline_accuracy: 0.34,
      n_train: 60,
      n_test: 60,
      train_seconds: 0.1,
      ...options.metrics,
    },
    datasetHash: 'd'.repeat(64),
    testHash: 'e'.repeat(64),
    gitSha: null,
    runId: options.runId ?? 'linear-tabular',
    seed: 42,
  });
  const predictor = await loadTabularPredictor(pkg);
  try {
    const golden = options.golden ?? [{ prix: '12,5', categorie: 'Mode' }, { prix: 80 }, {}];
    return await finalizeTabularPackage(pkg, predictor, golden);
  } finally {
    await predictor.dispose();
  }
}
