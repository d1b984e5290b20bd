import type { ProcessorSpec } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import { readPackedFile, requirePositiveInteger, roleFile } from './packed-file.js';
import { NgramCounter } from './ngram-counter.js';
import type { TermCounts } from './term-counts.js';
import { SparseRow, termFrequencyWeight } from './tf-idf.js';
import { Vocabulary } from './vocabulary.js';

/** `kind` and `version` of the processor: cleaning, tokenising, n-gram lengths and weights are fixed by them. */
export const TEXT_NGRAMS_KIND = 'text-ngrams';
export const TEXT_NGRAMS_VERSION = 1;

/**
 * One block of features as packaged: for its `n` terms `n` 32-bit hashes, then `n` float32 inverse document
 * frequencies, little-endian, in the order of the columns.
 */
export interface TermBlock {
  hashes: Uint32Array;
  idf: Float32Array;
}

/** Numbers of terms, hence of columns: words first, characters after them. */
export interface TextNgramsConfig {
  words: number;
  characters: number;
}

/** Turns a cleaned text into TF-IDF weights: two blocks, words and characters, each of length 1 (L2). */
export class TextNgrams {
  readonly columns: number;
  private readonly counter: NgramCounter;
  private readonly row = new SparseRow();

  constructor(
    private readonly words: TermBlock,
    private readonly characters: TermBlock,
  ) {
    this.columns = words.idf.length + characters.idf.length;
    this.counter = new NgramCounter(
      Vocabulary.fromHashes(words.hashes),
      Vocabulary.fromHashes(characters.hashes),
      false,
    );
  }

  /** The text's features; the same object every time, valid until the next call. */
  transform(cleanedText: string): SparseRow {
    this.counter.count(cleanedText);
    this.row.size = 0;
    this.addBlock(this.counter.words, this.words.idf, 0);
    this.addBlock(this.counter.characters, this.characters.idf, this.words.idf.length);
    return this.row;
  }

  private addBlock(counts: TermCounts, idf: Float32Array, firstColumn: number): void {
    const start = this.row.size;
    for (let i = 0; i < counts.size; i++) {
      const term = counts.terms[i] as number;
      this.row.push(firstColumn + term, termFrequencyWeight(counts.countAt(i)) * (idf[term] as number));
    }
    this.row.normaliseFrom(start);
  }
}

/**
 * Reads the processor of a package.
 *
 * @throws PackageError `file-missing` or `file-invalid` where its files are not what its config says
 */
export async function loadTextNgrams(pkg: ModelPackage, spec: ProcessorSpec): Promise<TextNgrams> {
  const words = await readBlock(pkg, spec, 'words');
  const characters = await readBlock(pkg, spec, 'characters');
  try {
    return new TextNgrams(words, characters);
  } catch (error) {
    throw new PackageError('file-invalid', `A vocabulary of ${spec.kind} is damaged`, { cause: error });
  }
}

async function readBlock(
  pkg: ModelPackage,
  spec: ProcessorSpec,
  role: keyof TextNgramsConfig,
): Promise<TermBlock> {
  const terms = requirePositiveInteger(spec, role);
  const file = await readPackedFile(pkg, roleFile(spec, role), 8 * terms);
  return { hashes: new Uint32Array(file, 0, terms), idf: new Float32Array(file, 4 * terms, terms) };
}
