import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FUSION_HEAD_KIND,
  FUSION_HEAD_VERSION,
  FUSION_MEMBERS,
  softmax,
  type FusionHead,
} from '@vitrine/inference';
import { fitTemperature } from '../evaluation/calibration.js';
import { OUT_OF_FOLD_COUNT, stratifiedFolds } from '../evaluation/folds.js';
import { logLoss } from '../evaluation/metrics.js';
import type { FusionMember } from '../runs/fusion-members.js';
import type { TrainContext, TrainedModel, Trainer, TrainOptions } from '../runs/trainer.js';
import { fitFusionHead, fusionLogits, fusionProblem, type FusionProblem } from './fusion-problem.js';
import { intersectHeldOut } from './held-out-intersection.js';

/** Flags of `train-fusion`, its members resolved. */
export interface FusionTrainOptions extends TrainOptions {
  text: FusionMember;
  image: FusionMember;
}

/** Trains a head over a text and an image model, on the rows that neither had seen. */
export const fusionTrainer: Trainer<FusionTrainOptions> = { modality: 'fusion', train };

const HEAD_FILE = 'head.json';
/** Strengths of the penalty on what differs between categories, strongest first. */
const STRENGTHS = [3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

async function train(context: TrainContext<FusionTrainOptions>): Promise<TrainedModel> {
  const { dataset, options, modelDir, progress, signal } = context;
  const both = intersectHeldOut(options.text.heldOut, options.image.heldOut, dataset);
  progress.info(`Training the head on ${both.rows.length} rows that neither model had seen`);
  const problem = fusionProblem(both.text, both.image, both.labels, dataset.categories.length);
  const folds = stratifiedFolds(both.labels, OUT_OF_FOLD_COUNT, options.seed);
  const { l2, logits } = await chooseStrength(context, problem, folds);
  const temperature = fitTemperature(logits, problem.labels, problem.classes);
  const head = fitFusionHead(
    problem,
    problem.labels.map((_, row) => row),
    l2,
  );
  signal.throwIfAborted();
  await writePackage(modelDir, head, options);
  return {
    processors: [],
    network: {
      kind: FUSION_HEAD_KIND,
      version: FUSION_HEAD_VERSION,
      config: { members: FUSION_MEMBERS },
      files: { head: HEAD_FILE },
    },
    calibration: { temperature },
    heldOut: { rows: both.rows, probabilities: probabilitiesOf(logits, problem.classes, temperature) },
    params: {
      text_run_id: options.text.runId,
      image_run_id: options.image.runId,
      l2,
      temperature,
      fusion_rows: both.rows.length,
    },
  };
}

/** The strength with the lowest log loss over folds, and the logits of every row by a head that had not seen it. */
async function chooseStrength(
  { logEpoch, signal }: TrainContext<FusionTrainOptions>,
  problem: FusionProblem,
  folds: Uint8Array,
): Promise<{ l2: number; logits: Float64Array }> {
  let best: { l2: number; logits: Float64Array; loss: number } = {
    l2: 0,
    logits: new Float64Array(),
    loss: Infinity,
  };
  for (const [i, l2] of STRENGTHS.entries()) {
    signal.throwIfAborted();
    const logits = outOfFoldLogits(problem, folds, l2);
    const probabilities = probabilitiesOf(logits, problem.classes, 1);
    const loss = logLoss({ labels: problem.labels, probabilities, classes: problem.classes });
    await logEpoch(i + 1, { l2, val_loss: loss });
    if (loss < best.loss) best = { l2, logits, loss };
  }
  return best;
}

function outOfFoldLogits(problem: FusionProblem, folds: Uint8Array, l2: number): Float64Array {
  const { classes, labels } = problem;
  const logits = new Float64Array(labels.length * classes);
  const all = labels.map((_, row) => row);
  for (let fold = 0; fold < OUT_OF_FOLD_COUNT; fold++) {
    const held = all.filter((row) => folds[row] === fold);
    const others = all.filter((row) => folds[row] !== fold);
    const own = fusionLogits(fitFusionHead(problem, others, l2), problem, held);
    held.forEach((row, i) => logits.set(own.subarray(i * classes, (i + 1) * classes), row * classes));
  }
  return logits;
}

function probabilitiesOf(logits: Float64Array, classes: number, temperature: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i += classes) {
    probabilities.set(softmax(logits.subarray(i, i + classes), temperature), i);
  }
  return probabilities;
}

async function writePackage(modelDir: string, head: FusionHead, options: FusionTrainOptions): Promise<void> {
  await cp(options.text.dir, join(modelDir, FUSION_MEMBERS.text), { recursive: true });
  await cp(options.image.dir, join(modelDir, FUSION_MEMBERS.image), { recursive: true });
  await writeFile(join(modelDir, HEAD_FILE), `${JSON.stringify(head)}\n`);
}
