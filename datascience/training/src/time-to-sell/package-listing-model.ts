import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DECISION_FORESTS_KIND,
  DECISION_FORESTS_VERSION,
  FIELD_COLUMNS_KIND,
  FIELD_COLUMNS_VERSION,
  formatTargetTables,
  LISTING_COLUMNS_KIND,
  LISTING_COLUMNS_VERSION,
  LISTING_EVIDENCE_KIND,
  LISTING_EVIDENCE_VERSION,
  packEvidence,
  packTrees,
  TARGET_ENCODING_KIND,
  TARGET_ENCODING_VERSION,
  type ProcessorSpec,
} from '@vitrine/inference';
import type { ListingModel } from './fit-listing-model.js';
import { TARGET_SMOOTHING } from './fit-targets.js';
import { LISTING_FIELDS, TARGET_KEYS } from './listing-task.js';

const TABLES_FILE = 'processors/targets.json';
const EVIDENCE_FILE = 'processors/evidence.bin';

/** Writes a model's processor and network files into a package folder. */
export async function packageListingModel(
  { codes, targets, evidence, members }: ListingModel,
  modelDir: string,
): Promise<{ processors: ProcessorSpec[]; network: ProcessorSpec }> {
  await mkdir(join(modelDir, 'processors'), { recursive: true });
  await writeFile(join(modelDir, TABLES_FILE), formatTargetTables(targets.tables));
  await writeFile(join(modelDir, EVIDENCE_FILE), packEvidence(evidence));
  const files: Record<string, string> = {};
  for (const { name, trees } of members) {
    files[name] = `${name}.bin`;
    await writeFile(join(modelDir, `${name}.bin`), packTrees(trees));
  }
  const fields = { ...LISTING_FIELDS };
  return {
    processors: [
      { kind: LISTING_COLUMNS_KIND, version: LISTING_COLUMNS_VERSION, config: { fields }, files: {} },
      { kind: FIELD_COLUMNS_KIND, version: FIELD_COLUMNS_VERSION, config: { ...codes }, files: {} },
      {
        kind: TARGET_ENCODING_KIND,
        version: TARGET_ENCODING_VERSION,
        config: { keys: TARGET_KEYS, prior: targets.prior, smoothing: TARGET_SMOOTHING },
        files: { tables: TABLES_FILE },
      },
      {
        kind: LISTING_EVIDENCE_KIND,
        version: LISTING_EVIDENCE_VERSION,
        config: { fields },
        files: { evidence: EVIDENCE_FILE },
      },
    ],
    network: {
      kind: DECISION_FORESTS_KIND,
      version: DECISION_FORESTS_VERSION,
      config: { members: members.map(({ name, kind, bias, weight }) => ({ name, kind, bias, weight })) },
      files,
    },
  };
}
