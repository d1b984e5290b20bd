import { NgramCounter, Vocabulary, type TermCounts } from '@vitrine/inference';
import type { Pace } from './pace.js';
import { arrangeByFrequency } from './term-columns.js';

const MAX_COUNT = 0xffff;
const MIN_GROWTH = 1.2;
const SPARE = 1.03;

/**
 * Term counts of every text in compressed sparse rows, in memory that threads share. A term is known by its column:
 * the more texts hold it, the lower.
 */
export interface CountedBlock {
  /** Row r holds the places [starts[r], starts[r + 1]) of the two arrays below. */
  starts: Float64Array;
  columns: Int32Array;
  counts: Uint16Array;
  /** 32-bit hash of each column's term. */
  hashes: Uint32Array;
}

/** Texts counted once; every fit sees its own rows of it (`FeatureSpace`). */
export interface Corpus {
  rows: number;
  words: CountedBlock;
  characters: CountedBlock;
}

/**
 * Counts the n-grams of cleaned texts with the code that serves.
 *
 * @param maxColumns of both blocks together: beyond it each gives up its rarest terms, in proportion
 */
export async function countCorpus(texts: readonly string[], maxColumns: number, pace: Pace): Promise<Corpus> {
  const words = new BlockBuilder(texts.length);
  const characters = new BlockBuilder(texts.length);
  const counter = new NgramCounter(words.vocabulary, characters.vocabulary, true);
  for (const text of texts) {
    counter.count(text);
    words.append(counter.words);
    characters.append(counter.characters);
    await pace.step();
  }
  const share = Math.min(1, maxColumns / (words.vocabulary.size + characters.vocabulary.size));
  return { rows: texts.length, words: words.finish(share), characters: characters.finish(share) };
}

/** Rows of a block as they come, terms numbered in order of arrival. */
class BlockBuilder {
  readonly vocabulary = new Vocabulary();
  private readonly starts: Float64Array;
  private terms = sharedInt32(1 << 16);
  private counts = sharedUint16(1 << 16);
  private rows = 0;
  private size = 0;

  constructor(rows: number) {
    this.starts = new Float64Array(new SharedArrayBuffer(8 * (rows + 1)));
  }

  append(row: TermCounts): void {
    if (this.size + row.size > this.terms.length) this.grow(this.size + row.size);
    for (let i = 0; i < row.size; i++) {
      this.terms[this.size] = row.terms[i] as number;
      this.counts[this.size++] = Math.min(MAX_COUNT, row.countAt(i));
    }
    this.starts[++this.rows] = this.size;
  }

  /** The block with its terms in order of falling frequency, the first `share` of them. */
  finish(share: number): CountedBlock {
    const { starts, terms, counts, vocabulary } = this;
    return arrangeByFrequency({ starts, columns: terms, counts, hashes: vocabulary.toHashes() }, share);
  }

  /** Makes room for all rows if those to come are like those so far: little is copied, and little left unused. */
  private grow(needed: number): void {
    const expected = (this.size / Math.max(1, this.rows)) * (this.starts.length - 1);
    const length = Math.ceil(Math.max(needed, MIN_GROWTH * this.terms.length, SPARE * expected));
    const terms = sharedInt32(length);
    const counts = sharedUint16(length);
    terms.set(this.terms);
    counts.set(this.counts);
    this.terms = terms;
    this.counts = counts;
  }
}

function sharedInt32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}

function sharedUint16(length: number): Uint16Array {
  return new Uint16Array(new SharedArrayBuffer(2 * length));
}
