import { inverseDocumentFrequency, SparseRow, termFrequencyWeight, type TermBlock } from '@vitrine/inference';
import type { Corpus, CountedBlock } from './corpus.js';

const UNKNOWN = -1;
const FREQUENCY_WEIGHTS = Float64Array.from({ length: 256 }, (_, count) =>
  termFrequencyWeight(Math.max(1, count)),
);

/** The columns of one block: which term has which, and the weight of each. */
interface BlockColumns {
  /** Column within the block by term, -1 for terms that the fitted rows do not hold. */
  columnOfTerm: Int32Array;
  termOfColumn: Int32Array;
  idf: Float32Array;
}

/**
 * TF-IDF over a corpus, fitted on some of its rows: terms and document frequencies come from these alone, so that
 * the rows held out are seen exactly as new texts will be. Columns are in order of falling document frequency:
 * words first, characters after them.
 */
export class FeatureSpace {
  readonly wordColumns: number;
  readonly columns: number;
  private readonly words: BlockColumns;
  private readonly characters: BlockColumns;
  private readonly row = new SparseRow();

  /**
   * @param fitted rows that the columns and weights are learnt from
   * @param maxColumns of both blocks together: beyond it each gives up its rarest terms, in proportion
   */
  constructor(
    private readonly corpus: Corpus,
    fitted: Int32Array,
    maxColumns: number,
  ) {
    const words = documentFrequencies(corpus.words, fitted);
    const characters = documentFrequencies(corpus.characters, fitted);
    const share = Math.min(1, maxColumns / (occurring(words) + occurring(characters)));
    this.words = fitBlock(words, fitted.length, share);
    this.characters = fitBlock(characters, fitted.length, share);
    this.wordColumns = this.words.idf.length;
    this.columns = this.wordColumns + this.characters.idf.length;
  }

  /** The features of a row; the same object every time, valid until the next call. */
  features(row: number): SparseRow {
    this.wordFeatures(row);
    this.addBlock(row, this.corpus.characters, this.characters, this.wordColumns);
    return this.row;
  }

  /** The word features of a row alone. */
  wordFeatures(row: number): SparseRow {
    this.row.size = 0;
    this.addBlock(row, this.corpus.words, this.words, 0);
    return this.row;
  }

  /** The word block as it is packaged. */
  packWords(): TermBlock {
    return packBlock(this.corpus.words, this.words);
  }

  /** The character block as it is packaged. */
  packCharacters(): TermBlock {
    return packBlock(this.corpus.characters, this.characters);
  }

  private addBlock(row: number, block: CountedBlock, columns: BlockColumns, firstColumn: number): void {
    const start = this.row.size;
    const end = block.starts[row + 1] as number;
    for (let i = block.starts[row] as number; i < end; i++) {
      const column = columns.columnOfTerm[block.terms[i] as number] as number;
      if (column === UNKNOWN) continue;
      const count = block.counts[i] as number;
      const weight = FREQUENCY_WEIGHTS[count] ?? termFrequencyWeight(count);
      this.row.push(firstColumn + column, weight * (columns.idf[column] as number));
    }
    this.row.normaliseFrom(start);
  }
}

/** @param share of the terms to keep, the most frequent ones */
function fitBlock(frequencies: Uint32Array, rows: number, share: number): BlockColumns {
  const terms = termsByFrequency(frequencies);
  const termOfColumn = terms.subarray(0, Math.ceil(terms.length * share));
  const columnOfTerm = new Int32Array(frequencies.length).fill(UNKNOWN);
  const idf = new Float32Array(termOfColumn.length);
  for (const [column, term] of termOfColumn.entries()) {
    columnOfTerm[term] = column;
    idf[column] = inverseDocumentFrequency(rows, frequencies[term] as number);
  }
  return { columnOfTerm, termOfColumn, idf };
}

function occurring(frequencies: Uint32Array): number {
  let terms = 0;
  for (const frequency of frequencies) if (frequency > 0) terms++;
  return terms;
}

function documentFrequencies(block: CountedBlock, rows: Int32Array): Uint32Array {
  const frequencies = new Uint32Array(block.vocabulary.size);
  for (const row of rows) {
    const end = block.starts[row + 1] as number;
    for (let i = block.starts[row] as number; i < end; i++) {
      const term = block.terms[i] as number;
      frequencies[term] = (frequencies[term] as number) + 1;
    }
  }
  return frequencies;
}

/** Terms that occur at all, the most frequent first, equals in order of arrival (a counting sort). */
function termsByFrequency(frequencies: Uint32Array): Int32Array {
  let highest = 0;
  for (const frequency of frequencies) if (frequency > highest) highest = frequency;
  const places = new Uint32Array(highest + 2);
  for (const frequency of frequencies) places[frequency] = (places[frequency] as number) + 1;
  let next = 0;
  for (let frequency = highest; frequency > 0; frequency--) {
    const count = places[frequency] as number;
    places[frequency] = next;
    next += count;
  }
  const terms = new Int32Array(next);
  for (let term = 0; term < frequencies.length; term++) {
    const frequency = frequencies[term] as number;
    if (frequency === 0) continue;
    terms[places[frequency] as number] = term;
    places[frequency] = (places[frequency] as number) + 1;
  }
  return terms;
}

function packBlock(block: CountedBlock, { termOfColumn, idf }: BlockColumns): TermBlock {
  const all = block.vocabulary.toHashes();
  return { hashes: Uint32Array.from(termOfColumn, (term) => all[term] as number), idf };
}
