import { NgramCounter, Vocabulary, type TermCounts } from '@vitrine/inference';
import type { Pace } from './pace.js';

const MAX_COUNT = 0xffff;

/** Term counts of every text in compressed sparse rows; terms are numbered by a vocabulary of the whole corpus. */
export interface CountedBlock {
  vocabulary: Vocabulary;
  /** Row r holds the places [starts[r], starts[r + 1]) of the two arrays below. */
  starts: Float64Array;
  terms: Int32Array;
  counts: Uint16Array;
}

/** Texts counted once; every fit sees its own rows of it (`FeatureSpace`). */
export interface Corpus {
  rows: number;
  words: CountedBlock;
  characters: CountedBlock;
}

/** Counts the n-grams of cleaned texts with the code that serves. */
export async function countCorpus(texts: readonly string[], pace: Pace): Promise<Corpus> {
  const words = new BlockBuilder(texts.length);
  const characters = new BlockBuilder(texts.length);
  const counter = new NgramCounter(words.vocabulary, characters.vocabulary, true);
  for (const text of texts) {
    counter.count(text);
    words.append(counter.words);
    characters.append(counter.characters);
    await pace.step();
  }
  return { rows: texts.length, words: words.finish(), characters: characters.finish() };
}

class BlockBuilder {
  readonly vocabulary = new Vocabulary();
  private readonly starts: Float64Array;
  private terms = new Int32Array(1 << 16);
  private counts = new Uint16Array(1 << 16);
  private rows = 0;
  private size = 0;

  constructor(rows: number) {
    this.starts = new Float64Array(rows + 1);
  }

  append(row: TermCounts): void {
    if (this.size + row.size > this.terms.length) this.grow(this.size + row.size);
    for (let i = 0; i < row.size; i++) {
      this.terms[this.size] = row.terms[i] as number;
      this.counts[this.size++] = Math.min(MAX_COUNT, row.countAt(i));
    }
    this.starts[++this.rows] = this.size;
  }

  finish(): CountedBlock {
    return {
      vocabulary: this.vocabulary,
      starts: this.starts,
      terms: this.terms.subarray(0, this.size),
      counts: this.counts.subarray(0, this.size),
    };
  }

  private grow(needed: number): void {
    const length = Math.max(needed, Math.ceil(1.5 * this.terms.length));
    const terms = new Int32Array(length);
    const counts = new Uint16Array(length);
    terms.set(this.terms);
    counts.set(this.counts);
    this.terms = terms;
    this.counts = counts;
  }
}
