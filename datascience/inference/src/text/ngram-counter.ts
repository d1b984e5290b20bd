import { hashCharacterGrams, hashWord, hashWordPair } from './ngram-hash.js';
import { TermCounts } from './term-counts.js';
import type { Vocabulary } from './vocabulary.js';

const WORD = /[\p{L}\p{N}_]{2,}/gu;
/** Words whose character n-grams are remembered; the cache is emptied when it is full. */
const MAX_CACHED_WORDS = 50_000;
/** Longer words are rare and would fill the memory. */
const MAX_CACHED_WORD_LENGTH = 32;

/** Words of a cleaned text: runs of two or more letters, digits or underscores of any script. */
export function tokenise(text: string): string[] {
  return text.match(WORD) ?? [];
}

/**
 * Counts the word 1–2-grams and the within-word character 2–6-grams of one text at a time. Training lets the
 * vocabularies grow, serving leaves out what they do not hold; the rest is the same code.
 */
export class NgramCounter {
  readonly words: TermCounts;
  readonly characters: TermCounts;
  private readonly cache = new Map<string, Int32Array>();

  constructor(
    private readonly wordVocabulary: Vocabulary,
    private readonly characterVocabulary: Vocabulary,
    private readonly grow: boolean,
  ) {
    this.words = new TermCounts(wordVocabulary.size);
    this.characters = new TermCounts(characterVocabulary.size);
  }

  /** Replaces the counts by those of another cleaned text. */
  count(text: string): void {
    this.words.clear();
    this.characters.clear();
    let previous = 0;
    let isFirst = true;
    for (const word of tokenise(text)) {
      const hash = hashWord(word);
      this.addWord(hash);
      if (!isFirst) this.addWord(hashWordPair(previous, hash));
      for (const term of this.characterTerms(word)) this.characters.add(term);
      previous = hash;
      isFirst = false;
    }
  }

  private addWord(hash: number): void {
    const term = this.grow ? this.wordVocabulary.add(hash) : this.wordVocabulary.find(hash);
    if (term >= 0) this.words.add(term);
  }

  private characterTerms(word: string): Int32Array {
    const cached = this.cache.get(word);
    if (cached) return cached;
    const terms = this.lookUpCharacters(word);
    if (word.length <= MAX_CACHED_WORD_LENGTH) {
      if (this.cache.size >= MAX_CACHED_WORDS) this.cache.clear();
      this.cache.set(unshared(word), terms);
    }
    return terms;
  }

  private lookUpCharacters(word: string): Int32Array {
    const hashes = hashCharacterGrams(word);
    const terms = new Int32Array(hashes.length);
    let known = 0;
    for (const hash of hashes) {
      const term = this.grow ? this.characterVocabulary.add(hash) : this.characterVocabulary.find(hash);
      if (term >= 0) terms[known++] = term;
    }
    return known === terms.length ? terms : terms.slice(0, known);
  }
}

/** A copy with its own characters: a slice of a text would keep the whole text alive. */
function unshared(word: string): string {
  return Buffer.from(word, 'utf16le').toString('utf16le');
}
