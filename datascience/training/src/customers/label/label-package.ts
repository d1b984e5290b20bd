import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  DECISION_FORESTS_KIND,
  DECISION_FORESTS_VERSION,
  draftTabularPackage,
  FIELD_COLUMNS_KIND,
  FIELD_COLUMNS_VERSION,
  FieldColumns,
  packTrees,
  type FieldColumnsConfig,
  type ModelMetrics,
  type ModelPackage,
  type TabularManifest,
} from '@vitrine/inference';
import type { ColumnMatrix } from '../../tabular/binned-columns.js';
import type { BalancedForest } from './balanced-forest.js';
import type { LabelFeatureRow } from './label-rows.js';

/** The labels; their ids are what the API answers with. */
export const CATEGORIES = [
  { id: 0, label: '0' },
  { id: 1, label: '1' },
];

/** How features become columns: the codes are those of the rows. */
export function chooseColumns(features: readonly LabelFeatureRow[]): FieldColumnsConfig {
  const codes = [...new Set(features.map(({ attr_b }) => attr_b))].sort();
  return {
    numbers: ['attr_a', 'scd_a', 'scd_b'],
    codes: [{ field: 'attr_b', values: codes, as: 'one-hot' }],
  };
}

/** The columns of rows, as serving makes them. */
export function buildMatrix(features: readonly LabelFeatureRow[], config: FieldColumnsConfig): ColumnMatrix {
  const columns = new FieldColumns(config);
  const width = columns.names.length;
  const values = new Float32Array(features.length * width);
  features.forEach((row, i) => columns.write({ ...row }, values, i * width));
  return { values, rows: features.length, columns: width };
}

/** What a package says beside its forest. */
export interface LabelPackageInput {
  columns: FieldColumnsConfig;
  forest: BalancedForest;
  metrics: ModelMetrics;
  datasetHash: string;
  testHash: string;
  gitSha: string | null;
  runId: string;
  seed: number;
}

/** Writes the forest's files into an empty folder. */
export async function writeForest(dir: string, { members }: BalancedForest): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  for (const { member, trees } of members) {
    const path = join(dir, fileOf(member.name));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, packTrees(trees));
  }
}

/** A package over the files that `writeForest` wrote, without golden rows and hashes. */
export function draftLabelPackage(dir: string, input: LabelPackageInput): ModelPackage<TabularManifest> {
  const { columns, forest, metrics, datasetHash, testHash, gitSha, runId, seed } = input;
  const members = forest.members.map(({ member }) => member);
  return draftTabularPackage(dir, {
    task: 'customer-label',
    categories: CATEGORIES,
    fields: [
      ...columns.numbers.map((name) => ({ name, type: 'number' as const })),
      ...columns.codes.map(({ field }) => ({ name: field, type: 'string' as const })),
    ],
    processors: [
      { kind: FIELD_COLUMNS_KIND, version: FIELD_COLUMNS_VERSION, config: { ...columns }, files: {} },
    ],
    network: {
      kind: DECISION_FORESTS_KIND,
      version: DECISION_FORESTS_VERSION,
      config: { members },
      files: Object.fromEntries(members.map(({ name }) => [name, fileOf(name)])),
    },
    calibration: { temperature: forest.temperature, abstentionThreshold: 0 },
    metrics,
    datasetHash,
    testHash,
    gitSha,
    runId,
    seed,
  });
}

const fileOf = (member: string): string => `network/${member}.bin`;
