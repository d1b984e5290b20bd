import type { Blend } from './blend.js';
import { FeatureSpace } from './feature-space.js';
import { fitSeed, plannedPasses } from './held-out-fits.js';
import { fitMember, retellFit, type TextTask } from './member-fit.js';

/** The members as one linear classifier. */
export interface SummedModel {
  space: FeatureSpace;
  /** Row-major [columns × classes]. */
  matrix: Float32Array;
  bias: Float32Array;
}

/**
 * Fits every member on all rows and sums them, each by its temperature, into one matrix. After each member the sum so
 * far is kept as a checkpoint.
 *
 * @param passes for each member, the passes that it may make
 */
export async function fitFinal(
  task: TextTask,
  blend: Blend,
  passes: readonly number[],
): Promise<SummedModel> {
  const { classes, checkpoints, members } = task;
  const rows = Int32Array.from(task.labels.keys());
  const space = new FeatureSpace(task.corpus, rows, task.maxColumns);
  const planned = members.map((member, m) =>
    Math.min(plannedPasses(task, member.maxPasses), passes[m] ?? Infinity),
  );
  const progress = task.progress.task(
    'training the text model',
    planned.reduce((sum, n) => sum + n, 0),
  );
  // Bias and matrix in one piece: one checkpoint holds both.
  let sum: Float32Array = new Float32Array((1 + space.columns) * classes);
  sum.set(blend.shift);
  const resumed = await lastSum(task, sum.length);
  if (resumed) sum = resumed.values;
  for (const [m, member] of members.entries()) {
    const maxPasses = planned[m] as number;
    if (resumed && m <= resumed.member) {
      progress.advance(maxPasses);
      continue;
    }
    const seed = fitSeed(task.seed, 0, m);
    const label = `${member.name}_final`;
    const heldOut = new Int32Array(0);
    const fit = await fitMember(task, { member, space, rows, heldOut, label, maxPasses, seed, progress });
    fit.member.addTo(sum.subarray(classes), sum.subarray(0, classes), blend.factors[m] as number);
    await checkpoints.write(sumName(m), sum, fit.record);
    if (m > 0) await checkpoints.removeValues(sumName(m - 1));
  }
  progress.finish();
  return { space, matrix: sum.subarray(classes), bias: sum.subarray(0, classes) };
}

function sumName(member: number): string {
  return `final-${member}`;
}

/** The sum up to the last member that an earlier run finished; the members' measures are told again. */
async function lastSum(
  task: TextTask,
  length: number,
): Promise<{ values: Float32Array; member: number } | null> {
  for (let member = task.members.length - 1; member >= 0; member--) {
    const found = await task.checkpoints.read(sumName(member), length);
    if (!found) continue;
    for (let m = 0; m <= member; m++) {
      const record = await task.checkpoints.readRecord(sumName(m));
      if (record) await retellFit(task, record);
    }
    return { values: found.values, member };
  }
  return null;
}
