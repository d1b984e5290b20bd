import { argmax, softmax } from '@vitrine/inference';
import type { Progress, ProgressTask } from '../cli/progress.js';
import type { Corpus } from './corpus.js';
import type { FitCheckpoints, FitRecord } from './fit-checkpoints.js';
import type { EnsembleMember } from './ensemble.js';
import type { FeatureSpace } from './feature-space.js';
import type { LinearMember, PassReport } from './linear-member.js';
import type { Pace } from './pace.js';

/** What every fit of a training shares. */
export interface TextTask {
  corpus: Corpus;
  /** Class of every row of the corpus. */
  labels: Int32Array;
  classes: number;
  /** Columns of both blocks together, at most. */
  maxColumns: number;
  members: EnsembleMember[];
  epochs: number;
  patience: number;
  seed: number;
  pace: Pace;
  checkpoints: FitCheckpoints;
  progress: Progress;
  logEpoch(epoch: number, metrics: Record<string, number>): Promise<void>;
}

/** A member to fit on some rows. */
export interface FitPlan {
  member: EnsembleMember;
  space: FeatureSpace;
  rows: Int32Array;
  /** Rows to measure the member on after each pass; none for the final fit. */
  heldOut: Int32Array;
  /** Before the names of the measures; null tells nothing of the passes. */
  label: string | null;
  maxPasses: number;
  seed: number;
  /** Advanced by `maxPasses` in all, however few are made. */
  progress: ProgressTask;
}

/** Fits a member, measures it after each pass and ends early where its loss on held-out rows no longer falls. */
export async function fitMember(
  task: TextTask,
  plan: FitPlan,
): Promise<{ member: LinearMember; record: FitRecord }> {
  const { member: kind, space, rows, heldOut, label, maxPasses, seed } = plan;
  const record: FitRecord = { passes: 0, history: [] };
  let best = { loss: Infinity, pass: 0 };
  const afterPass = async ({ pass, trainLoss, member }: PassReport): Promise<boolean> => {
    const heldOutMeasures = heldOut.length > 0 ? await measure(task, plan, member) : null;
    record.passes = pass;
    plan.progress.advance();
    if (label !== null) {
      const measures = { train_loss: trainLoss, ...heldOutMeasures };
      const named = Object.entries(measures).map(([name, value]) => [`${label}_${name}`, value] as const);
      record.history.push(Object.fromEntries(named));
      await task.logEpoch(pass, record.history.at(-1) ?? {});
    }
    const loss = heldOutMeasures?.held_out_loss ?? -Infinity;
    if (loss < best.loss) best = { loss, pass };
    return kind.stopsEarly && heldOut.length > 0 && pass - best.pass >= task.patience;
  };
  const { labels, classes, pace } = task;
  const member = await kind.fit({ space, rows, labels, classes, maxPasses, seed, pace, afterPass });
  plan.progress.advance(maxPasses - record.passes);
  return { member, record };
}

/** Tells the measures of a fit that an earlier run finished. */
export async function retellFit(task: TextTask, record: FitRecord): Promise<void> {
  for (const [i, measures] of record.history.entries()) await task.logEpoch(i + 1, measures);
}

/** Logits of a member for rows, row-major [rows × classes]. */
export async function memberLogits(
  task: TextTask,
  member: LinearMember,
  space: FeatureSpace,
  rows: Int32Array,
): Promise<Float32Array> {
  const logits = new Float32Array(rows.length * task.classes);
  const one = new Float64Array(task.classes);
  for (const [i, row] of rows.entries()) {
    member.logits(member.featuresOf(space, row), one);
    logits.set(one, i * task.classes);
    await task.pace.step();
  }
  return logits;
}

async function measure(
  task: TextTask,
  { member: kind, space, heldOut }: FitPlan,
  member: LinearMember,
): Promise<{ held_out_loss: number; held_out_accuracy: number }> {
  const logits = await memberLogits(task, member, space, heldOut);
  let loss = 0;
  let hits = 0;
  for (const [i, row] of heldOut.entries()) {
    const probabilities = softmax(
      logits.subarray(i * task.classes, (i + 1) * task.classes),
      kind.usualTemperature,
    );
    const label = task.labels[row] as number;
    loss -= Math.log(Math.max(probabilities[label] as number, 1e-15));
    if (argmax(probabilities) === label) hits++;
  }
  return { held_out_loss: loss / heldOut.length, held_out_accuracy: hits / heldOut.length };
}
