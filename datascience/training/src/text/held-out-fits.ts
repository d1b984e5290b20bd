import type { ProgressTask } from '../cli/progress.js';
import {
  HOLD_OUT_FOLDS,
  OUT_OF_FOLD_COUNT,
  OUT_OF_FOLD_MAX_ROWS,
  stratifiedFolds,
} from '../evaluation/folds.js';
import { FeatureSpace } from './feature-space.js';
import { fitMember, memberLogits, retellFit, type TextTask } from './member-fit.js';

/** One fold: fit on some rows of the corpus, hold out the others. */
interface Fold {
  fitted: Int32Array;
  heldOut: Int32Array;
}

/** What the members say of rows that they had not seen. */
export interface HeldOutLogits {
  /** Rows of the corpus, ascending. */
  rows: Int32Array;
  /** For each member, row-major [rows × classes]. */
  logits: Float32Array[];
  /** For each member, the passes that the first fold's fit made: as many as the final fit may make. */
  passes: number[];
}

/**
 * Folds of the corpus: each in turn for small sets, one in ten for larger ones. They are dealt over all training
 * rows, with and without text, so that other modalities hold out the same products.
 *
 * @param labels class of every training row of the data set
 * @param positions the corpus's rows among them
 */
export function planFolds(labels: Int32Array, positions: Int32Array, seed: number): Fold[] {
  const isSmall = labels.length < OUT_OF_FOLD_MAX_ROWS;
  const folds = stratifiedFolds(labels, isSmall ? OUT_OF_FOLD_COUNT : HOLD_OUT_FOLDS, seed);
  const corpusRows = Int32Array.from(positions.keys());
  const isHeldOut = (row: number, fold: number) => folds[positions[row] as number] === fold;
  return Array.from({ length: isSmall ? OUT_OF_FOLD_COUNT : 1 }, (_, fold) => ({
    fitted: corpusRows.filter((row) => !isHeldOut(row, fold)),
    heldOut: corpusRows.filter((row) => isHeldOut(row, fold)),
  })).filter(({ fitted, heldOut }) => fitted.length > 0 && heldOut.length > 0);
}

/** Fits every member on every fold and gathers what it says of the rows held out. */
export async function fitHeldOut(task: TextTask, folds: Fold[]): Promise<HeldOutLogits> {
  const passesPlanned = task.members.reduce((sum, member) => sum + plannedPasses(task, member.maxPasses), 0);
  const progress = task.progress.task('calibrating the text model', folds.length * passesPlanned);
  const results: FoldLogits[] = [];
  for (const index of folds.keys()) results.push(await fitFold(task, folds, index, progress));
  progress.finish();
  return mergeFolds(folds, results, task.classes);
}

/** Passes that a member may make. */
export function plannedPasses(task: TextTask, maxPasses: number): number {
  return Math.min(task.epochs, maxPasses);
}

interface FoldLogits {
  logits: Float32Array[];
  passes: number[];
}

async function fitFold(
  task: TextTask,
  folds: Fold[],
  index: number,
  progress: ProgressTask,
): Promise<FoldLogits> {
  const { fitted, heldOut } = folds[index] as Fold;
  const result: FoldLogits = { logits: [], passes: [] };
  let space: FeatureSpace | null = null;
  for (const [m, member] of task.members.entries()) {
    const name = `fold-${index}-${member.name}`;
    const maxPasses = plannedPasses(task, member.maxPasses);
    const finished = await task.checkpoints.read(name, heldOut.length * task.classes);
    if (finished) {
      await retellFit(task, finished.record);
      progress.advance(maxPasses);
      result.logits.push(finished.values);
      result.passes.push(finished.record.passes);
      continue;
    }
    space ??= new FeatureSpace(task.corpus, fitted, task.maxColumns);
    const fit = await fitMember(task, {
      member,
      space,
      rows: fitted,
      heldOut,
      label: index === 0 ? member.name : null,
      maxPasses,
      seed: fitSeed(task.seed, index + 1, m),
      progress,
    });
    const logits = await memberLogits(task, fit.member, space, heldOut);
    await task.checkpoints.write(name, logits, fit.record);
    result.logits.push(logits);
    result.passes.push(fit.record.passes);
  }
  return result;
}

/** A seed of its own for each fit. */
export function fitSeed(seed: number, fit: number, member: number): number {
  return seed + 1_000_003 * fit + 101 * member;
}

/** Puts the folds' rows, each of which occurs once, in ascending order. */
function mergeFolds(folds: Fold[], results: FoldLogits[], classes: number): HeldOutLogits {
  const rows = Int32Array.from(folds.flatMap(({ heldOut }) => [...heldOut])).sort();
  const placeOfRow = new Map(Array.from(rows, (row, place) => [row, place]));
  const members = results[0]?.logits.length ?? 0;
  const logits = Array.from({ length: members }, () => new Float32Array(rows.length * classes));
  for (const [f, { heldOut }] of folds.entries()) {
    for (const [i, row] of heldOut.entries()) {
      const place = (placeOfRow.get(row) as number) * classes;
      for (const [m, all] of logits.entries()) {
        const ofFold = (results[f] as FoldLogits).logits[m] as Float32Array;
        all.set(ofFold.subarray(i * classes, (i + 1) * classes), place);
      }
    }
  }
  return { rows, logits, passes: results[0]?.passes ?? [] };
}
