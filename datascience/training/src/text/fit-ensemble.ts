import type { ProgressTask } from '../cli/progress.js';
import type { EnsembleMember } from './ensemble.js';
import type { FitJob, FitResult } from './fit-job.js';
import type { Fold } from './folds.js';
import { mergeFolds, type HeldOutLogits } from './held-out-logits.js';
import type { TextTask } from './text-task.js';

/** Seeds of the fits of a training lie this far apart, and those of a fit's members. */
const FIT_STRIDE = 1_000_003;
const MEMBER_STRIDE = 101;
const NO_ROWS = new Int32Array(0);

/** The members as fitted. */
export interface FittedEnsemble {
  heldOut: HeldOutLogits;
  /** For each member, bias and weights as `LinearMember.flatten` lays them out. */
  members: Float32Array[];
}

/**
 * Fits every member on every fold, for what it says of the rows held out, and on all rows. All fits are given to the
 * threads at once; the final ones wait for the first fold alone, which tells how many passes are enough.
 */
export async function fitEnsemble(task: TextTask, folds: readonly Fold[]): Promise<FittedEnsemble> {
  const planned = task.members.map(({ maxPasses }) => Math.min(task.epochs, maxPasses));
  const passes = planned.reduce((sum, n) => sum + n, 0);
  const progress = task.progress.task('training the text model', (folds.length + 1) * passes);
  const held = folds.map((fold, f) =>
    task.members.map((member, m) =>
      runFit(task, progress, `fold-${f}-${member.name}`, heldOutJob(task, fold, f, m), planned[m] as number),
    ),
  );
  const final = task.members.map(async (member, m) => {
    const enough = (await held[0]?.[m])?.record.passes ?? (planned[m] as number);
    return runFit(task, progress, `final-${member.name}`, finalJob(task, m, enough), planned[m] as number);
  });
  // Together, so that none is left to fail unheard where another fails first.
  const results = await Promise.all([...held.flat(), ...final]);
  progress.finish();
  for (const { record } of results) await tell(task, record);
  const count = task.members.length;
  const logits = folds.map((_, f) => results.slice(f * count, (f + 1) * count).map(({ values }) => values));
  return {
    heldOut: mergeFolds(folds, logits, task.classes),
    members: results.slice(folds.length * count).map(({ values }) => values),
  };
}

function heldOutJob(task: TextTask, { fitted, heldOut }: Fold, f: number, m: number): FitJob {
  const member = task.members[m] as EnsembleMember;
  const label = f === 0 ? member.name : null;
  return { ...jobFor(task, f + 1, m), repeats: 1, fold: `fold-${f}`, rows: fitted, heldOut, label };
}

function finalJob(task: TextTask, m: number, maxPasses: number): FitJob {
  const member = task.members[m] as EnsembleMember;
  const rows = Int32Array.from(task.labels.keys());
  const { repeats } = member;
  const label = `${member.name}_final`;
  return { ...jobFor(task, 0, m), maxPasses, repeats, fold: 'all', rows, heldOut: NO_ROWS, label };
}

function jobFor(
  task: TextTask,
  fit: number,
  m: number,
): Pick<FitJob, 'member' | 'maxPasses' | 'patience' | 'seed'> {
  const member = task.members[m] as EnsembleMember;
  return {
    member,
    maxPasses: Math.min(task.epochs, member.maxPasses),
    patience: task.patience,
    seed: task.seed + FIT_STRIDE * fit + MEMBER_STRIDE * m,
  };
}

/** Makes a fit, or takes it as an earlier run left it. */
async function runFit(
  { pool, checkpoints, corpus, labels, classes }: TextTask,
  progress: ProgressTask,
  name: string,
  job: FitJob,
  planned: number,
): Promise<FitResult> {
  const wordsOnly = job.member.bag?.wordsOnly === true;
  const columns = corpus.words.hashes.length + (wordsOnly ? 0 : corpus.characters.hashes.length);
  const length = classes * (job.heldOut.length > 0 ? job.heldOut.length : 1 + columns);
  const finished = await checkpoints.read(name, length);
  let told = 0;
  const result =
    finished ??
    (await pool.fit({ corpus, labels, classes }, job, () => {
      if (told === planned) return; // repeats tell of their passes too
      told++;
      progress.advance();
    }));
  if (!finished) await checkpoints.write(name, result.values, result.record);
  progress.advance(planned - told);
  return result;
}

/** Tells the measures of a fit, in the same order however the threads were timed and wherever a run was interrupted. */
async function tell(task: TextTask, { history }: FitResult['record']): Promise<void> {
  for (const [i, measures] of history.entries()) await task.logEpoch(i + 1, measures);
}
