import { inverseDocumentFrequency, termFrequencyWeight, type SparseRows } from '@vitrine/inference';
import type { CountedBlock } from './listing-corpus.js';

/** A block's TF-IDF rows of length 1, over the terms that enough of the training rows have. */
export interface WeighedBlock {
  /** Of each kept term: its hash and inverse document frequency. */
  hashes: Uint32Array;
  idf: Float32Array;
  /** Every row of the corpus, also those outside the training rows. */
  rows: SparseRows;
}

/** Which terms are kept, by the training rows that have them. */
export interface TermBounds {
  minRows: number;
  maxRows: number;
}

/** Weighs a block by the document frequencies among the training rows alone. */
export function weighBlock(
  block: CountedBlock,
  trainRows: Int32Array,
  { minRows, maxRows }: TermBounds,
): WeighedBlock {
  const frequencies = new Uint32Array(block.hashes.length);
  for (const row of trainRows) {
    for (let i = block.starts[row] as number; i < (block.starts[row + 1] as number); i++) {
      const term = block.terms[i] as number;
      frequencies[term] = (frequencies[term] as number) + 1;
    }
  }
  const numbers = new Int32Array(frequencies.length).fill(-1);
  const hashes: number[] = [];
  const idf: number[] = [];
  for (let term = 0; term < frequencies.length; term++) {
    const frequency = frequencies[term] as number;
    if (frequency < minRows || frequency > maxRows) continue;
    numbers[term] = hashes.length;
    hashes.push(block.hashes[term] as number);
    idf.push(inverseDocumentFrequency(trainRows.length, frequency));
  }
  const weights = Float32Array.from(idf);
  return { hashes: Uint32Array.from(hashes), idf: weights, rows: weighRows(block, numbers, weights) };
}

function weighRows(block: CountedBlock, numbers: Int32Array, idf: Float32Array): SparseRows {
  const size = block.starts.length - 1;
  const starts = new Uint32Array(size + 1);
  const terms = new Uint32Array(block.terms.length);
  const weights = new Float32Array(block.terms.length);
  let next = 0;
  for (let row = 0; row < size; row++) {
    let squares = 0;
    const start = next;
    for (let i = block.starts[row] as number; i < (block.starts[row + 1] as number); i++) {
      const term = numbers[block.terms[i] as number] as number;
      if (term < 0) continue;
      const weight = Math.fround(termFrequencyWeight(block.counts[i] as number) * (idf[term] as number));
      terms[next] = term;
      weights[next++] = weight;
      squares += weight * weight;
    }
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let i = start; i < next; i++) weights[i] = (weights[i] as number) * scale;
    starts[row + 1] = next;
  }
  return { starts, terms: terms.slice(0, next), weights: weights.slice(0, next) };
}
