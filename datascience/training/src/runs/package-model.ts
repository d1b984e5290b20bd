import {
  draftPackage,
  finalizePackage,
  loadPredictor,
  type ManifestDraft,
  type Modality,
  type ModelPackage,
} from '@vitrine/inference';
import type { Progress } from '../cli/progress.js';
import { currentGitSha } from '../common/git.js';
import type { Dataset } from '../datasets/dataset.js';
import { chooseAbstention } from '../evaluation/abstention.js';
import { describeEvaluation } from '../evaluation/describe-evaluation.js';
import { evaluateModel, type Evaluation } from '../evaluation/evaluate-model.js';
import { chooseGoldenInputs } from './golden-inputs.js';
import { scoredHeldOut } from './held-out.js';
import { describeInputExample, writeInputExample } from './input-example.js';
import type { TrainedModel } from './trainer.js';

/** What a package says beside what was trained. */
export interface PackageInput {
  modality: Modality;
  trained: TrainedModel;
  dataset: Dataset;
  seed: number;
  /** Share of right answers that the abstention threshold is chosen for; a usual one by default. */
  abstainPrecision?: number;
  runId: string;
  trainSeconds: number;
}

/**
 * Evaluates what a trainer left in a folder, once, on the test split through the predictor that will serve it, and
 * makes a package of the folder.
 */
export async function packageModel(
  modelDir: string,
  input: PackageInput,
  options: { progress: Progress; signal: AbortSignal },
): Promise<{ pkg: ModelPackage; evaluation: Evaluation }> {
  const { dataset, trainSeconds } = input;
  const draft = await buildDraft(input);
  const untested = { n_train: dataset.train.length, train_seconds: trainSeconds };
  const unmeasured = {
    accuracy: 0,
    weighted_f1: 0,
    macro_f1: 0,
    log_loss: 0,
    ece: 0,
    baseline_accuracy: 0,
    n_test: 0,
  };
  const predictor = await loadPredictor(
    draftPackage(modelDir, { ...draft, metrics: { ...unmeasured, ...untested } }),
  );
  try {
    const evaluation = await evaluateModel(predictor, dataset.test, options);
    const metrics = describeEvaluation(evaluation, {
      trainLabels: dataset.train.map((row) => row.label),
      calibration: draft.calibration,
      trained: untested,
    });
    const golden = await chooseGoldenInputs(evaluation.rows, draft.modality);
    const unfinished = draftPackage(modelDir, { ...draft, metrics });
    if (golden[0]) await writeInputExample(unfinished, golden[0]);
    const pkg = await finalizePackage(unfinished, predictor, golden);
    await describeInputExample(pkg);
    return { pkg, evaluation };
  } finally {
    await predictor.dispose();
  }
}

async function buildDraft(input: PackageInput): Promise<Omit<ManifestDraft, 'metrics'>> {
  const { modality, trained, dataset, seed, runId, abstainPrecision } = input;
  const { threshold, abstention } = chooseAbstention(
    scoredHeldOut(trained.heldOut, dataset),
    abstainPrecision,
  );
  return {
    modality,
    categories: dataset.categories,
    processors: trained.processors,
    network: trained.network,
    calibration: { ...trained.calibration, abstentionThreshold: threshold, abstention },
    datasetHash: dataset.hash,
    testHash: dataset.testHash,
    gitSha: await currentGitSha(),
    runId,
    seed,
  };
}
