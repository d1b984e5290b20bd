import {
  TABULAR_TASKS,
  type Abstention,
  type ModelManifest,
  type ProcessorSpec,
  type TabularManifest,
} from './manifest.js';
import { PackageError } from './package-error.js';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value.length > 0;
const isFiniteNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isInteger: Check = (value) => Number.isSafeInteger(value);
const isHash: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isRecordOf =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check);

const processor: Record<keyof ProcessorSpec, Check> = {
  kind: isText,
  version: isInteger,
  config: isRecord,
  files: isRecordOf(isText),
};

const isProcessor: Check = (value) => isRecord(value) && fieldsOf(value, processor).length === 0;

const abstention: Record<keyof Abstention, Check> = {
  statedPrecision: isFiniteNumber,
  isReached: (value) => typeof value === 'boolean',
  precision: isFiniteNumber,
  coverage: isFiniteNumber,
  rows: isInteger,
};

const isAbstention: Check = (value) =>
  value === undefined || (isRecord(value) && fieldsOf(value, abstention).length === 0);

/** What manifests of both families hold. */
const shared: Record<Exclude<keyof ModelManifest, 'task' | 'modality'>, Check> = {
  schemaVersion: (value) => value === 1,
  createdAt: isText,
  categories: isCategories,
  processors: (value) => Array.isArray(value) && value.every(isProcessor),
  network: isProcessor,
  calibration: (value) =>
    isRecord(value) &&
    isFiniteNumber(value.temperature) &&
    (value.temperature as number) > 0 &&
    isFiniteNumber(value.abstentionThreshold) &&
    isAbstention(value.abstention),
  metrics: isRecordOf(isFiniteNumber),
  datasetHash: isText,
  testHash: isText,
  gitSha: (value) => value === null || isText(value),
  runId: isText,
  seed: isInteger,
  files: isRecordOf(isHash),
};

const categoryManifest: Record<keyof ModelManifest, Check> = {
  task: (value) => value === 'product-category',
  modality: (value) => value === 'text' || value === 'image' || value === 'fusion',
  ...shared,
};

const isField: Check = (value) =>
  isRecord(value) && isText(value.name) && (value.type === 'number' || value.type === 'string');

const tabularManifest: Record<keyof TabularManifest, Check> = {
  task: (value) => TABULAR_TASKS.some((task) => task === value),
  modality: (value) => value === 'tabular',
  fields: (value) => Array.isArray(value) && value.length > 0 && value.every(isField),
  ...shared,
};

/**
 * Checks that a parsed `manifest.json` is what the type of category models says.
 *
 * @throws PackageError `manifest-invalid`, naming every field that is not as it must be
 */
export function validateManifest(value: unknown, where: string): ModelManifest {
  if (saysTabular(value)) {
    throw new PackageError(
      'manifest-invalid',
      `${where} holds a tabular model where a category model must be`,
    );
  }
  return validate(value, categoryManifest, where) as unknown as ModelManifest;
}

/**
 * Checks that a parsed `manifest.json` is what the type of tabular models says.
 *
 * @throws PackageError `manifest-invalid`, naming every field that is not as it must be
 */
export function validateTabularManifest(value: unknown, where: string): TabularManifest {
  return validate(value, tabularManifest, where) as unknown as TabularManifest;
}

/** Whether a parsed `manifest.json` says of itself that it is a tabular model's. */
export function saysTabular(value: unknown): boolean {
  return isRecord(value) && value.modality === 'tabular';
}

function validate(value: unknown, manifest: Record<string, Check>, where: string): Record<string, unknown> {
  if (!isRecord(value)) throw new PackageError('manifest-invalid', `${where}: the manifest is not an object`);
  const wrong = fieldsOf(value, manifest);
  if (wrong.length > 0) {
    throw new PackageError(
      'manifest-invalid',
      `${where}: missing or wrong in the manifest: ${wrong.join(', ')}`,
    );
  }
  return value;
}

function fieldsOf(value: Record<string, unknown>, checks: Record<string, Check>): string[] {
  return Object.entries(checks)
    .filter(([field, check]) => !check(value[field]))
    .map(([field]) => field);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCategories(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 2) return false;
  const ids = new Set(value.map((category: { id?: unknown } | null) => category?.id));
  return (
    ids.size === value.length &&
    value.every((c) => isRecord(c) && isInteger(c.id) && typeof c.label === 'string')
  );
}
