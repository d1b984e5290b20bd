import {
  BLOCK_SIMILARITY,
  buildPostings,
  evidenceNames,
  LISTING_BLOCKS,
  LISTING_MEASURES,
  LOGISTIC_BLOCKS,
  MAX_NEIGHBOUR_ROWS,
  NeighbourIndex,
  softmax,
  standardise,
  Vocabulary,
  type BlockState,
  type EvidenceState,
  type ListingBlock,
  type NeighbourRows,
  type SparseRows,
} from '@vitrine/inference';
import { Random } from '../common/random.js';
import { stratifiedFolds } from '../evaluation/folds.js';
import { fitSparseLogistic, type SparseLogistic } from '../tabular/sparse-logistic.js';
import type { ListingCorpus } from './listing-corpus.js';
import { weighBlock, type WeighedBlock } from './weighed-block.js';

/** Training rows that must have a term. */
const MIN_ROWS: Readonly<Record<ListingBlock, number>> = { words: 2, characters: 3, facts: 2 };
/**
 * Share of the training rows that may have a word or a run of characters: what is commoner tells little, costs most of a
 * search's time, and its counts are columns of their own (text style).
 */
const MAX_SHARE: Readonly<Record<ListingBlock, number>> = { words: 0.1, characters: 0.1, facts: 1 };
/** Rows that may have a term however few there are. */
const MAX_ROWS_AT_LEAST = 50;
/** Penalty of each block's regression. */
const PENALTY: Readonly<Record<(typeof LOGISTIC_BLOCKS)[number], number>> = { words: 1, characters: 1 };

/** What a fit is made of. */
export interface EvidenceFit {
  /** Row-major [all rows of the corpus × columns]: training rows by models that had not seen them, the others by all. */
  columns: Float32Array;
  width: number;
  state: EvidenceState;
}

/** The rows to learn from, and their classes. */
export interface LearningTask {
  /** Positions in the corpus. */
  trainRows: Int32Array;
  /** Class of every row of the corpus, from 0; read for training rows only. */
  labels: Uint8Array;
  classes: number;
  /** Folds within the training rows. */
  innerFolds: number;
  seed: number;
}

/** Fits regressions and neighbours to training rows, and writes the columns of all rows. */
export function fitEvidence(corpus: ListingCorpus, task: LearningTask): EvidenceFit {
  const { trainRows, labels, classes } = task;
  const width = evidenceNames(classes).length;
  const columns = new Float32Array(corpus.rows.length * width);
  const prior = sharesOf(trainRows, labels, classes);
  const weighed = Object.fromEntries(
    LISTING_BLOCKS.map((block) => [
      block,
      weighBlock(corpus.blocks[block], trainRows, {
        minRows: MIN_ROWS[block],
        maxRows: Math.max(MAX_ROWS_AT_LEAST, MAX_SHARE[block] * trainRows.length),
      }),
    ]),
  ) as Record<ListingBlock, WeighedBlock>;
  const regressions: Partial<Record<ListingBlock, SparseLogistic>> = {};
  for (const [i, block] of LOGISTIC_BLOCKS.entries()) {
    regressions[block] = fitStacked(weighed[block], task, PENALTY[block], (row, probabilities) =>
      columns.set(probabilities, row * width + i * classes),
    );
  }
  const { neighbours, means, scales, queries, measures, searched } = buildNeighbours(corpus, weighed, task);
  writeVotes(corpus, { neighbours, queries, measures, searched, prior }, columns, {
    width,
    offset: LOGISTIC_BLOCKS.length * classes,
  });
  const blocks = Object.fromEntries(
    LISTING_BLOCKS.map((block) => [block, blockState(weighed[block], regressions[block])]),
  ) as Record<ListingBlock, BlockState>;
  const state: EvidenceState = {
    fields: corpus.fields,
    prior,
    blocks,
    measureMeans: means,
    measureScales: scales,
    neighbours,
  };
  return { columns, width, state };
}

function writeVotes(
  corpus: ListingCorpus,
  { neighbours, queries, measures, searched, prior }: Neighbourhood & { prior: number[] },
  columns: Float32Array,
  { width, offset }: { width: number; offset: number },
): void {
  const index = new NeighbourIndex(neighbours, prior);
  const positions = new Int32Array(corpus.rows.length).fill(-1);
  searched.forEach((row, i) => (positions[row] = i));
  for (let row = 0; row < corpus.rows.length; row++) {
    const [start, end] = [queries.starts[row] as number, queries.starts[row + 1] as number];
    const query = {
      terms: queries.terms.subarray(start, end),
      weights: queries.weights.subarray(start, end),
      size: end - start,
      measures: measures.subarray(row * LISTING_MEASURES, (row + 1) * LISTING_MEASURES),
    };
    index.vote(query, columns, row * width + offset, positions[row]);
  }
}

/** Shares of the classes among some rows. */
export function sharesOf(rows: Int32Array, labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const row of rows) counts[labels[row] as number] = (counts[labels[row] as number] as number) + 1;
  return counts.map((count) => count / rows.length);
}

/** Fits on every training row, and again on all folds but one for the rows of that one. */
function fitStacked(
  { rows, idf }: WeighedBlock,
  { trainRows, labels, classes, innerFolds, seed }: LearningTask,
  penalty: number,
  write: (row: number, probabilities: Float64Array) => void,
): SparseLogistic {
  const size = { terms: idf.length, classes, penalty };
  const whole = fitSparseLogistic(rows, labels, trainRows, size);
  for (let row = 0; row < rows.starts.length - 1; row++)
    write(row, probabilitiesOf(rows, row, whole, classes));
  const folds = stratifiedFolds(
    Array.from(trainRows, (row) => labels[row] as number),
    innerFolds,
    seed,
  );
  for (let fold = 0; fold < innerFolds; fold++) {
    const others = fitSparseLogistic(
      rows,
      labels,
      trainRows.filter((_, i) => folds[i] !== fold),
      size,
    );
    trainRows.forEach((row, i) => {
      if (folds[i] === fold) write(row, probabilitiesOf(rows, row, others, classes));
    });
  }
  return whole;
}

function probabilitiesOf(
  data: SparseRows,
  row: number,
  { weights, bias }: SparseLogistic,
  classes: number,
): Float64Array {
  const logits = Float64Array.from(bias);
  for (let i = data.starts[row] as number; i < (data.starts[row + 1] as number); i++) {
    const at = (data.terms[i] as number) * classes;
    for (let k = 0; k < classes; k++) {
      logits[k] = (logits[k] as number) + (data.weights[i] as number) * (weights[at + k] as number);
    }
  }
  return softmax(logits);
}

/** What neighbours are sought with. */
interface Neighbourhood {
  neighbours: NeighbourRows;
  /** Every row of the corpus. */
  queries: SparseRows;
  measures: Float32Array;
  /** Positions in the corpus of the rows that are searched. */
  searched: Int32Array;
}

function buildNeighbours(
  corpus: ListingCorpus,
  weighed: Readonly<Record<ListingBlock, WeighedBlock>>,
  { trainRows, labels, seed }: LearningTask,
): Neighbourhood & { means: Float32Array; scales: Float32Array } {
  const queries = joinBlocks(weighed);
  const terms = LISTING_BLOCKS.reduce((sum, block) => sum + weighed[block].idf.length, 0);
  const { means, scales } = momentsOf(corpus.measures, trainRows);
  const measures = corpus.measures.slice();
  for (let row = 0; row < corpus.rows.length; row++) {
    standardise(measures.subarray(row * LISTING_MEASURES, (row + 1) * LISTING_MEASURES), means, scales);
  }
  const searched =
    trainRows.length <= MAX_NEIGHBOUR_ROWS
      ? trainRows
      : new Random(seed).shuffle(trainRows.slice()).slice(0, MAX_NEIGHBOUR_ROWS).sort();
  const own = new Float32Array(searched.length * LISTING_MEASURES);
  searched.forEach((row, i) =>
    own.set(measures.subarray(row * LISTING_MEASURES, (row + 1) * LISTING_MEASURES), i * LISTING_MEASURES),
  );
  const neighbours = {
    postings: buildPostings(pickRows(queries, searched), terms),
    measures: own,
    labels: Uint8Array.from(searched, (row) => labels[row] as number),
  };
  return { neighbours, means, scales, queries, measures, searched };
}

/** The blocks side by side, each scaled so that its dot product is its part of the similarity. */
function joinBlocks(weighed: Readonly<Record<ListingBlock, WeighedBlock>>): SparseRows {
  const sources = LISTING_BLOCKS.map((block) => ({
    rows: weighed[block].rows,
    scale: Math.sqrt(BLOCK_SIMILARITY[block]),
    terms: weighed[block].idf.length,
  }));
  const size = sources.reduce((sum, { rows }) => sum + rows.terms.length, 0);
  const count = (sources[0] as (typeof sources)[number]).rows.starts.length - 1;
  const joined = {
    starts: new Uint32Array(count + 1),
    terms: new Uint32Array(size),
    weights: new Float32Array(size),
  };
  let next = 0;
  for (let row = 0; row < count; row++) {
    let firstTerm = 0;
    for (const { rows, scale, terms } of sources) {
      for (let i = rows.starts[row] as number; i < (rows.starts[row + 1] as number); i++) {
        joined.terms[next] = firstTerm + (rows.terms[i] as number);
        joined.weights[next++] = (rows.weights[i] as number) * scale;
      }
      firstTerm += terms;
    }
    joined.starts[row + 1] = next;
  }
  return joined;
}

function pickRows(data: SparseRows, rows: Int32Array): SparseRows {
  const starts = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => {
    starts[i + 1] = (starts[i] as number) + (data.starts[row + 1] as number) - (data.starts[row] as number);
  });
  const terms = new Uint32Array(starts[rows.length] as number);
  const weights = new Float32Array(terms.length);
  rows.forEach((row, i) => {
    const [start, end] = [data.starts[row] as number, data.starts[row + 1] as number];
    terms.set(data.terms.subarray(start, end), starts[i]);
    weights.set(data.weights.subarray(start, end), starts[i]);
  });
  return { starts, terms, weights };
}

function momentsOf(measures: Float32Array, rows: Int32Array): { means: Float32Array; scales: Float32Array } {
  const means = new Float32Array(LISTING_MEASURES);
  const scales = new Float32Array(LISTING_MEASURES);
  for (let m = 0; m < LISTING_MEASURES; m++) {
    const values = Array.from(rows, (row) => measures[row * LISTING_MEASURES + m] as number).filter(
      Number.isFinite,
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(values.length, 1);
    means[m] = mean;
    scales[m] = Math.sqrt(variance) || 1;
  }
  return { means, scales };
}

function blockState({ hashes, idf }: WeighedBlock, regression: SparseLogistic | undefined): BlockState {
  return { vocabulary: Vocabulary.fromHashes(hashes), idf, ...regression };
}
