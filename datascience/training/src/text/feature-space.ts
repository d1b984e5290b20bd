import type { TermBlock } from '@vitrine/inference';
import { inverseDocumentFrequency, SparseRow, termFrequencyWeight } from '@vitrine/inference/features';
import type { Corpus, CountedBlock } from './corpus.js';
import { documentFrequencies } from './term-columns.js';

const FREQUENCY_WEIGHTS = Float64Array.from({ length: 256 }, (_, count) =>
  termFrequencyWeight(Math.max(1, count)),
);

/**
 * TF-IDF over a corpus, fitted on some of its rows: terms and document frequencies come from these alone, so that
 * the rows held out are seen exactly as new texts will be. Columns are the corpus's, words first, characters after
 * them; those of terms that the fitted rows do not hold stay unused.
 */
export class FeatureSpace {
  readonly wordColumns: number;
  readonly columns: number;
  /** Inverse document frequency by column of a block, 0 where no fitted row holds the term. */
  private readonly wordIdf: Float32Array;
  private readonly characterIdf: Float32Array;
  private readonly row = new SparseRow();

  /** @param fitted rows that the weights are learnt from */
  constructor(
    private readonly corpus: Corpus,
    fitted: Int32Array,
  ) {
    this.wordIdf = fitBlock(corpus.words, fitted);
    this.characterIdf = fitBlock(corpus.characters, fitted);
    this.wordColumns = this.wordIdf.length;
    this.columns = this.wordColumns + this.characterIdf.length;
  }

  /** The features of a row; the same object every time, valid until the next call. */
  features(row: number): SparseRow {
    this.wordFeatures(row);
    this.addBlock(row, this.corpus.characters, this.characterIdf, this.wordColumns);
    return this.row;
  }

  /** The word features of a row alone. */
  wordFeatures(row: number): SparseRow {
    this.row.size = 0;
    this.addBlock(row, this.corpus.words, this.wordIdf, 0);
    return this.row;
  }

  /** The word block as it is packaged. */
  packWords(): TermBlock {
    return { hashes: this.corpus.words.hashes, idf: this.wordIdf };
  }

  /** The character block as it is packaged. */
  packCharacters(): TermBlock {
    return { hashes: this.corpus.characters.hashes, idf: this.characterIdf };
  }

  private addBlock(row: number, block: CountedBlock, idf: Float32Array, firstColumn: number): void {
    const start = this.row.size;
    const end = block.starts[row + 1] as number;
    for (let i = block.starts[row] as number; i < end; i++) {
      const column = block.columns[i] as number;
      const rarity = idf[column] as number;
      if (rarity === 0) continue;
      const count = block.counts[i] as number;
      const weight = FREQUENCY_WEIGHTS[count] ?? termFrequencyWeight(count);
      this.row.push(firstColumn + column, weight * rarity);
    }
    this.row.normaliseFrom(start);
  }
}

function fitBlock(block: CountedBlock, rows: Int32Array): Float32Array {
  return Float32Array.from(documentFrequencies(block, rows), (frequency) =>
    frequency === 0 ? 0 : inverseDocumentFrequency(rows.length, frequency),
  );
}
