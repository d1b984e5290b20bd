import {
  eachListingTerm,
  LISTING_BLOCKS,
  LISTING_MEASURES,
  listingMeasures,
  TermCounts,
  Vocabulary,
  type ListingBlock,
  type ListingFields,
  type TabularRow,
} from '@vitrine/inference';

/** How often each term of a block occurs in each listing; row i is at `starts[i] … starts[i + 1] - 1`. */
export interface CountedBlock {
  /** Hash of each term. */
  hashes: Uint32Array;
  starts: Uint32Array;
  terms: Uint32Array;
  counts: Uint16Array;
}

/** Listings, counted once for every fit. */
export interface ListingCorpus {
  fields: ListingFields;
  rows: readonly TabularRow[];
  blocks: Readonly<Record<ListingBlock, CountedBlock>>;
  /** Row-major [rows × LISTING_MEASURES]. */
  measures: Float32Array;
}

/** Counts the terms of listings; the counts tell nothing of any class. */
export function countListings(rows: readonly TabularRow[], fields: ListingFields): ListingCorpus {
  const counters = Object.fromEntries(
    LISTING_BLOCKS.map((block) => [block, new BlockCounter(rows.length)]),
  ) as Record<ListingBlock, BlockCounter>;
  const measures = new Float32Array(rows.length * LISTING_MEASURES);
  for (const [i, row] of rows.entries()) {
    eachListingTerm(row, fields, (block, hash) => counters[block].add(hash));
    for (const block of LISTING_BLOCKS) counters[block].endRow();
    listingMeasures(row, fields, measures.subarray(i * LISTING_MEASURES, (i + 1) * LISTING_MEASURES));
  }
  const { words, characters, facts } = counters;
  return {
    fields,
    rows,
    blocks: { words: words.finish(), characters: characters.finish(), facts: facts.finish() },
    measures,
  };
}

class BlockCounter {
  private readonly vocabulary = new Vocabulary();
  private readonly row = new TermCounts();
  private readonly starts: Uint32Array;
  private terms = new Uint32Array(1 << 16);
  private counts = new Uint16Array(1 << 16);
  private size = 0;
  private rows = 0;

  constructor(rows: number) {
    this.starts = new Uint32Array(rows + 1);
  }

  add(hash: number): void {
    this.row.add(this.vocabulary.add(hash));
  }

  endRow(): void {
    this.reserve(this.row.size);
    for (let i = 0; i < this.row.size; i++) {
      this.terms[this.size] = this.row.terms[i] as number;
      this.counts[this.size++] = Math.min(this.row.countAt(i), 0xffff);
    }
    this.starts[++this.rows] = this.size;
    this.row.clear();
  }

  finish(): CountedBlock {
    const terms = this.terms.slice(0, this.size);
    const counts = this.counts.slice(0, this.size);
    return { hashes: this.vocabulary.toHashes(), starts: this.starts, terms, counts };
  }

  private reserve(more: number): void {
    if (this.size + more <= this.terms.length) return;
    const length = Math.max(this.size + more, 2 * this.terms.length);
    const terms = new Uint32Array(length);
    terms.set(this.terms);
    this.terms = terms;
    const counts = new Uint16Array(length);
    counts.set(this.counts);
    this.counts = counts;
  }
}
