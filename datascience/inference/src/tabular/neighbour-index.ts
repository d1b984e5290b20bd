/** Rows in sparse form: row i has the terms and weights at `starts[i] … starts[i + 1] - 1`. */
export interface SparseRows {
  starts: Uint32Array;
  terms: Uint32Array;
  weights: Float32Array;
}

/** Rows by term: term t is in the rows at `starts[t] … starts[t + 1] - 1`, with 8-bit weights times the row's scale. */
export interface Postings {
  starts: Uint32Array;
  rows: Uint16Array;
  weights: Uint8Array;
  /** One a row. */
  scales: Float32Array;
}

/** The rows that are searched, at most `MAX_NEIGHBOUR_ROWS`. */
export interface NeighbourRows {
  postings: Postings;
  /** Row-major [rows × measures], standardised; 0 where a measure is missing. */
  measures: Float32Array;
  /** Class of each row, from 0. */
  labels: Uint8Array;
}

/** A row number takes 16 bits, and a search must stay far below 20 ms. */
export const MAX_NEIGHBOUR_ROWS = 20_000;
/** Neighbours that vote, by column. */
export const NEIGHBOUR_COUNTS = [40, 80] as const;
const MOST = Math.max(...NEIGHBOUR_COUNTS);
/** A vote weighs similarity to this power. */
const POWER = 4;
/** Weight of the prior among the votes. */
const PRIOR_WEIGHT = 0.1;
const LARGEST_WEIGHT = 255;

/** What is searched for. */
export interface NeighbourQuery {
  terms: ArrayLike<number>;
  weights: ArrayLike<number>;
  /** How many of the terms count. */
  size: number;
  /** Standardised, as the rows'. */
  measures: Float32Array;
}

/**
 * Finds the rows most like another one: similarity = dot product of the sparse rows + exp(−mean squared difference of
 * the measures), over an inverted index.
 */
export class NeighbourIndex {
  private readonly similarities: Float32Array;
  private readonly nearest = new Int32Array(MOST);
  private readonly size: number;
  private readonly measureCount: number;

  /** @param prior shares of the classes */
  constructor(
    private readonly rows: NeighbourRows,
    private readonly prior: readonly number[],
  ) {
    this.size = rows.labels.length;
    this.measureCount = rows.measures.length / Math.max(this.size, 1);
    this.similarities = new Float32Array(this.size);
  }

  /**
   * Writes the class shares among the nearest neighbours (40, then 80), weighted by similarity, then the similarity of
   * the nearest and the mean of the 40 nearest.
   *
   * @param skip a row that is no neighbour, for it is the one that is asked about; −1: none
   */
  vote(query: NeighbourQuery, out: Float32Array, offset: number, skip = -1): void {
    this.measureSimilarities(query);
    if (skip >= 0) this.similarities[skip] = -1;
    const found = this.selectNearest(skip >= 0 ? this.size - 1 : this.size);
    let next = offset;
    for (const count of NEIGHBOUR_COUNTS) {
      this.writeShares(Math.min(count, found), out, next);
      next += this.prior.length;
    }
    const shown = Math.min(NEIGHBOUR_COUNTS[0], found);
    let sum = 0;
    for (let i = 0; i < shown; i++) sum += this.similarities[this.nearest[i] as number] as number;
    out[next] = shown === 0 ? NaN : (this.similarities[this.nearest[0] as number] as number);
    out[next + 1] = shown === 0 ? NaN : sum / shown;
  }

  private writeShares(count: number, out: Float32Array, offset: number): void {
    const votes = this.prior.map((share) => share * PRIOR_WEIGHT);
    let total = PRIOR_WEIGHT;
    for (let i = 0; i < count; i++) {
      const row = this.nearest[i] as number;
      const weight = (this.similarities[row] as number) ** POWER;
      const label = this.rows.labels[row] as number;
      votes[label] = (votes[label] as number) + weight;
      total += weight;
    }
    for (let k = 0; k < votes.length; k++) out[offset + k] = (votes[k] as number) / total;
  }

  private measureSimilarities({ terms, weights, size, measures }: NeighbourQuery): void {
    const { similarities, measureCount } = this;
    const { postings, measures: own } = this.rows;
    similarities.fill(0);
    for (let i = 0; i < size; i++) {
      const term = terms[i] as number;
      const weight = weights[i] as number;
      const end = postings.starts[term + 1] as number;
      for (let place = postings.starts[term] as number; place < end; place++) {
        const row = postings.rows[place] as number;
        similarities[row] = (similarities[row] as number) + weight * (postings.weights[place] as number);
      }
    }
    for (let row = 0; row < this.size; row++) {
      let squares = 0;
      for (let m = 0; m < measureCount; m++) {
        const difference = (own[row * measureCount + m] as number) - (measures[m] as number);
        squares += difference * difference;
      }
      similarities[row] =
        (similarities[row] as number) * (postings.scales[row] as number) + Math.exp(-squares / measureCount);
    }
  }

  /** Puts the nearest rows into `nearest`, nearest first; of equally near ones the earlier row. */
  private selectNearest(available: number): number {
    const { nearest, similarities } = this;
    const wanted = Math.min(MOST, available);
    let found = 0;
    let least = -Infinity;
    for (let row = 0; row < this.size; row++) {
      const similarity = similarities[row] as number;
      if (similarity < 0 || (found === wanted && similarity <= least)) continue;
      let place = found < wanted ? found++ : wanted - 1;
      while (place > 0 && (similarities[nearest[place - 1] as number] as number) < similarity) {
        nearest[place] = nearest[place - 1] as number;
        place--;
      }
      nearest[place] = row;
      least = similarities[nearest[found - 1] as number] as number;
    }
    return found;
  }
}

/**
 * Turns rows into postings, each weight rounded to 8 bits of its row's largest.
 *
 * @param terms number of different terms
 */
export function buildPostings(rows: SparseRows, terms: number): Postings {
  const size = rows.starts.length - 1;
  if (size > MAX_NEIGHBOUR_ROWS) throw new RangeError(`At most ${MAX_NEIGHBOUR_ROWS} rows are searched`);
  const starts = new Uint32Array(terms + 1);
  for (const term of rows.terms) starts[term + 1] = (starts[term + 1] as number) + 1;
  for (let term = 0; term < terms; term++)
    starts[term + 1] = (starts[term + 1] as number) + (starts[term] as number);
  const next = starts.slice();
  const postings = {
    starts,
    rows: new Uint16Array(rows.terms.length),
    weights: new Uint8Array(rows.terms.length),
    scales: new Float32Array(size),
  };
  for (let row = 0; row < size; row++) {
    const [start, end] = [rows.starts[row] as number, rows.starts[row + 1] as number];
    let largest = 0;
    for (let i = start; i < end; i++) largest = Math.max(largest, rows.weights[i] as number);
    postings.scales[row] = largest / LARGEST_WEIGHT;
    for (let i = start; i < end; i++) {
      const term = rows.terms[i] as number;
      const place = next[term] as number;
      next[term] = place + 1;
      postings.rows[place] = row;
      postings.weights[place] = Math.round(((rows.weights[i] as number) / largest) * LARGEST_WEIGHT);
    }
  }
  return postings;
}
