import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../cli/progress.js';
import { Random } from '../common/random.js';
import { writeFileAtomically } from '../datasets/atomic-write.js';
import { stratifiedFolds } from '../evaluation/folds.js';
import { logLoss, score, type Scored, type Scores } from '../evaluation/metrics.js';
import type { FoldPlan } from './choose-folds.js';
import { answerFolds } from './answer-folds.js';
import { sharesOf, type LearningTask } from './fit-evidence.js';
import type { FoldAnswer, FoldTask } from './fold-answer.js';
import { OUTCOME_CATEGORIES } from './listing-task.js';
import type { ListingSet } from './read-listings.js';
import type { ColumnStudy } from './study-columns.js';

/** What one fold's held-out rows showed. */
interface FoldScores extends Scores {
  /** From 1. */
  fold: number;
  rows: number;
  seconds: number;
  /** Log loss of the classes' shares among the training rows, and of the classic recipe. */
  priorLogLoss: number;
  recipeLogLoss: number;
}

/** A model's predictions of rows that it had not seen, for every row, with what they are compared with. */
export interface CrossValidation {
  /** Of every row of the set, in order. */
  scored: Scored;
  recipe: Scored;
  prior: Scored;
  folds: FoldScores[];
  /** The fold of each row, from 0. */
  foldOf: Uint8Array;
  /** Of the first fold's held-out rows. */
  study: ColumnStudy;
}

/** How a cross-validation is run. */
export interface CrossValidationOptions {
  plan: FoldPlan;
  seed: number;
  /** Answers of folds are kept here, for a training that is begun again. */
  checkpointDir: string;
  progress: Progress;
  signal: AbortSignal;
  /** Told of each fold's scores. */
  onFold(scores: FoldScores): Promise<void>;
}

const CLASSES = OUTCOME_CATEGORIES.length;

/** Cross-validates the model on stratified folds: every stage of it is fitted to a fold's training rows alone. */
export async function crossValidate(
  set: ListingSet,
  options: CrossValidationOptions,
): Promise<CrossValidation> {
  const { plan, seed, progress, signal } = options;
  const foldOf = stratifiedFolds(set.labels, plan.folds, seed);
  const tasks = Array.from({ length: plan.folds }, (_, fold) => buildTask(set, foldOf, fold, options));
  const answers = new Array<FoldAnswer | null>(plan.folds).fill(null);
  const bar = progress.task('cross-validation (folds)', plan.folds);
  const take = async (fold: number, answer: FoldAnswer) => {
    answers[fold] = answer;
    bar.advance();
    await options.onFold(scoreFold(set, tasks[fold] as FoldTask, answer, fold));
  };
  const missing: number[] = [];
  for (let fold = 0; fold < plan.folds; fold++) {
    const kept = await readAnswer(options.checkpointDir, fold, tasks[fold] as FoldTask);
    if (kept) await take(fold, kept);
    else missing.push(fold);
  }
  try {
    await answerFolds(
      set.rows,
      missing.map((fold) => tasks[fold] as FoldTask),
      {
        signal,
        onAnswer: async (i, answer) => {
          const fold = missing[i] as number;
          await writeFileAtomically(answerFile(options.checkpointDir, fold), JSON.stringify(toJson(answer)));
          await take(fold, answer);
        },
      },
    );
  } finally {
    bar.finish();
  }
  return gather(set, tasks, answers as FoldAnswer[], foldOf);
}

/** The task of fitting to all rows but some, in the same way in every fold and for the model that is kept. */
export function learningTask(
  set: ListingSet,
  trainRows: Int32Array,
  { innerFolds }: FoldPlan,
  seed: number,
): LearningTask {
  return { trainRows, labels: set.labels, classes: CLASSES, innerFolds, seed: new Random(seed).uint32() };
}

function buildTask(
  set: ListingSet,
  foldOf: Uint8Array,
  fold: number,
  { plan, seed }: CrossValidationOptions,
): FoldTask {
  const rows = Int32Array.from(set.rows, (_, row) => row);
  const trainRows = rows.filter((row) => foldOf[row] !== fold);
  const testRows = rows.filter((row) => foldOf[row] === fold);
  return { learning: learningTask(set, trainRows, plan, seed), testRows, study: fold === 0 };
}

function gather(
  set: ListingSet,
  tasks: readonly FoldTask[],
  answers: readonly FoldAnswer[],
  foldOf: Uint8Array,
): CrossValidation {
  const spread = (read: (fold: number) => Float64Array): Scored => {
    const probabilities = new Float64Array(set.rows.length * CLASSES);
    for (const [fold, { testRows }] of tasks.entries()) {
      const own = read(fold);
      testRows.forEach((row, i) =>
        probabilities.set(own.subarray(i * CLASSES, (i + 1) * CLASSES), row * CLASSES),
      );
    }
    return { labels: set.labels, probabilities, classes: CLASSES };
  };
  const answerOf = (fold: number) => answers[fold] as FoldAnswer;
  return {
    scored: spread((fold) => answerOf(fold).probabilities),
    recipe: spread((fold) => answerOf(fold).recipe),
    prior: spread((fold) => priorOf(tasks[fold] as FoldTask)),
    folds: answers.map((answer, fold) => scoreFold(set, tasks[fold] as FoldTask, answer, fold)),
    foldOf,
    study: answerOf(0).study as ColumnStudy,
  };
}

function scoreFold(set: ListingSet, task: FoldTask, answer: FoldAnswer, fold: number): FoldScores {
  const labels = Uint8Array.from(task.testRows, (row) => set.labels[row] as number);
  const scored = (probabilities: Float64Array): Scored => ({ labels, probabilities, classes: CLASSES });
  return {
    fold: fold + 1,
    rows: labels.length,
    ...score(scored(answer.probabilities)),
    priorLogLoss: logLoss(scored(priorOf(task))),
    recipeLogLoss: logLoss(scored(answer.recipe)),
    seconds: answer.seconds,
  };
}

function priorOf({ learning, testRows }: FoldTask): Float64Array {
  const shares = sharesOf(learning.trainRows, learning.labels, CLASSES);
  return Float64Array.from({ length: testRows.length * CLASSES }, (_, i) => shares[i % CLASSES] as number);
}

function answerFile(dir: string, fold: number): string {
  return join(dir, `fold-${fold + 1}.json`);
}

function toJson(answer: FoldAnswer): unknown {
  return { ...answer, probabilities: [...answer.probabilities], recipe: [...answer.recipe] };
}

async function readAnswer(dir: string, fold: number, { testRows }: FoldTask): Promise<FoldAnswer | null> {
  try {
    const kept = JSON.parse(await readFile(answerFile(dir, fold), 'utf8')) as FoldAnswer;
    const probabilities = Float64Array.from(kept.probabilities);
    if (probabilities.length !== testRows.length * CLASSES) return null;
    return { ...kept, probabilities, recipe: Float64Array.from(kept.recipe) };
  } catch {
    return null; // not there yet
  }
}
