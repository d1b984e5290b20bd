import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTabularPredictor, type TabularPredictor } from '@vitrine/inference';
import { REMATCH_TAG_PREFIX, type ModelStore } from '@vitrine/mlflow';
import { score } from '../../evaluation/metrics.js';
import { balancedLogLoss, type BinaryScored } from './balanced-scores.js';
import type { LabelFeatureRow } from './label-rows.js';
import { predictLabel } from './label-report.js';

/** Held-out customers. */
export interface HeldOutCustomers {
  features: readonly LabelFeatureRow[];
  labels: Uint8Array;
}

/** A model's probabilities of label 1 for held-out customers. */
export async function scoreHeldOut(
  predictor: TabularPredictor,
  { features, labels }: HeldOutCustomers,
): Promise<BinaryScored> {
  const answers = await predictor.predict(features.map((row) => ({ ...row })));
  return { labels, probabilities: Float64Array.from(answers, ({ probabilities }) => probabilities[1]!) };
}

/** Share of right answers weighted as in reports of all models. */
export function plainScores({ labels, probabilities }: BinaryScored): {
  accuracy: number;
  weighted_f1: number;
  macro_f1: number;
} {
  // The label that serving answers with has all of the probability here: ties are decided as there.
  const decided = Float64Array.from({ length: labels.length * 2 }, (_, i) =>
    predictLabel(probabilities[i >> 1]!) === (i & 1) ? 1 : 0,
  );
  const { accuracy, weighted_f1, macro_f1 } = score({ labels, probabilities: decided, classes: 2 });
  return { accuracy, weighted_f1, macro_f1 };
}

/**
 * Measures the version that an alias names on held-out customers, as tags of the new version: data that grow leave
 * nothing else to compare the two on.
 *
 * @returns no tags where the alias names none
 */
export async function playRematch(
  store: ModelStore,
  { name, alias }: { name: string; alias: string },
  heldOut: HeldOutCustomers,
): Promise<Record<string, string>> {
  const version = await store.findVersionByAlias(name, alias);
  if (!version) return {};
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-rematch-'));
  try {
    const modelDir = join(dir, 'model');
    await store.downloadVersion(name, version.version, modelDir);
    const predictor = await loadTabularPredictor(modelDir);
    const scored = await scoreHeldOut(predictor, heldOut);
    await predictor.dispose();
    return {
      [`${REMATCH_TAG_PREFIX}version`]: String(version.version),
      [`${REMATCH_TAG_PREFIX}weighted_f1`]: String(plainScores(scored).weighted_f1),
      [`${REMATCH_TAG_PREFIX}log_loss`]: String(balancedLogLoss(scored)),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
