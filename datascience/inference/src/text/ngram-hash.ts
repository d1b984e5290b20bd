const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const SPACE = 32;
/** Lengths of within-word character n-grams, the word's two boundaries counted as a character each. */
const MIN_CHARACTERS = 2;
const MAX_CHARACTERS = 6;

/** Unsigned 32-bit hash of a word: FNV-1a over its UTF-16 code units, mixed by MurmurHash3's finaliser. */
export function hashWord(word: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), FNV_PRIME);
  return mix(hash);
}

/** Unsigned 32-bit hash of two words in this order, from the words' own hashes. */
export function hashWordPair(first: number, second: number): number {
  return mix(Math.imul(first ^ FNV_OFFSET, FNV_PRIME) ^ second);
}

/**
 * Hashes of the character 2- to 6-grams of a word, by start and then by length, repeats included. The word stands
 * between two spaces, so that beginnings and ends are told from middles.
 *
 * @returns unsigned 32-bit hashes
 */
export function hashCharacterGrams(word: string): Uint32Array {
  const length = word.length + 2;
  const hashes = new Uint32Array(characterGramCount(length));
  let next = 0;
  for (let start = 0; start <= length - MIN_CHARACTERS; start++) {
    const end = Math.min(length, start + MAX_CHARACTERS);
    let hash = FNV_OFFSET;
    for (let i = start; i < end; i++) {
      const code = i === 0 || i === length - 1 ? SPACE : word.charCodeAt(i - 1);
      hash = Math.imul(hash ^ code, FNV_PRIME);
      if (i - start + 1 >= MIN_CHARACTERS) hashes[next++] = mix(hash);
    }
  }
  return hashes;
}

function characterGramCount(length: number): number {
  let count = 0;
  for (let n = MIN_CHARACTERS; n <= Math.min(MAX_CHARACTERS, length); n++) count += length - n + 1;
  return count;
}

/** MurmurHash3's 32-bit finaliser (Appleby): a bijection, so it adds no collision. */
export function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
