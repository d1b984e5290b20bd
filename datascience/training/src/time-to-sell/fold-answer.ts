import { answerByRecipe } from './classic-recipe.js';
import type { LearningTask } from './fit-evidence.js';
import { fitListingModel, predictRows } from './fit-listing-model.js';
import type { ListingCorpus } from './listing-corpus.js';
import { studyColumns, type ColumnStudy } from './study-columns.js';

/** One fold of a cross-validation. */
export interface FoldTask {
  learning: LearningTask;
  /** The rows that are held out. */
  testRows: Int32Array;
  /** Whether the held-out rows are also used to tell what the columns do. */
  study: boolean;
}

/** What a model says of rows that it had not seen. */
export interface FoldAnswer {
  /** Row-major [testRows × classes]. */
  probabilities: Float64Array;
  /** What the classic recipe says of them. */
  recipe: Float64Array;
  seconds: number;
  study: ColumnStudy | null;
}

/** Fits to a fold's training rows and answers for its held-out rows. */
export function answerFold(corpus: ListingCorpus, { learning, testRows, study }: FoldTask): FoldAnswer {
  const start = performance.now();
  const model = fitListingModel(corpus, learning);
  const probabilities = predictRows(model, testRows);
  const seconds = (performance.now() - start) / 1000;
  const recipe = answerByRecipe(corpus.rows, learning, testRows);
  return {
    probabilities,
    recipe,
    seconds,
    study: study ? studyColumns(corpus, model, testRows, learning) : null,
  };
}
