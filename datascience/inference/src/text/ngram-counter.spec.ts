import { NgramCounter, tokenise } from './ngram-counter.js';
import { hashCharacterGrams, hashWord, hashWordPair } from './ngram-hash.js';
import type { TermCounts } from './term-counts.js';
import { Vocabulary } from './vocabulary.js';

const countsOf = (counts: TermCounts) =>
  new Map(Array.from(counts.terms.subarray(0, counts.size), (term, i) => [term, counts.countAt(i)]));

describe('tokenise', () => {
  it.each([
    ['', []],
    ['a b c', []],
    ['chaise en bois, 0 m x 00 cm', ['chaise', 'en', 'bois', '00', 'cm']],
    ['🎁🎁 !!', []],
    ['l_eau d’été', ['l_eau', 'été']],
    ['כסא ירוק', ['כסא', 'ירוק']],
    ['椅子 𝒳𝒴', ['椅子', '𝒳𝒴']],
    ['\ud800\udc00\ud800 ab', ['ab']],
  ])('splits %j', (text, words) => {
    expect(tokenise(text)).toEqual(words);
  });
});

describe('hashCharacterGrams', () => {
  const grams = (word: string) => {
    const padded = ` ${word} `;
    const all: string[] = [];
    for (let i = 0; i < padded.length; i++) {
      for (let n = 2; n <= 6 && i + n <= padded.length; n++) all.push(padded.slice(i, i + n));
    }
    return all;
  };

  it.each(['ab', 'chaise', 'anticonstitutionnellement'])(
    'gives one hash for each 2- to 6-gram of %j',
    (word) => {
      const expected = grams(word);
      const hashes = hashCharacterGrams(word);
      expect(hashes).toHaveLength(expected.length);
      const byGram = new Map(expected.map((gram, i) => [gram, hashes[i]]));
      expect(expected.map((gram) => byGram.get(gram))).toEqual([...hashes]);
      expect(new Set(hashes).size).toBe(new Set(expected).size);
    },
  );
});

describe('word hashes', () => {
  it('tell order and separation', () => {
    const [a, b] = [hashWord('chaise'), hashWord('rouge')];
    expect(new Set([a, b, hashWordPair(a, b), hashWordPair(b, a), hashWord('chaiserouge')]).size).toBe(5);
  });

  it('collide no more often than chance has it', () => {
    const hashes = new Set<number>();
    for (let i = 0; i < 200_000; i++) hashes.add(hashWord(`mot${i}`));
    // Expected for random hashes: 200,000² / 2^33 ≈ 4.7.
    expect(200_000 - hashes.size).toBeLessThan(20);
  });
});

describe('NgramCounter', () => {
  it('counts repeats, single words and pairs of neighbours', () => {
    const words = new Vocabulary();
    const counter = new NgramCounter(words, new Vocabulary(), true);
    counter.count('pot rouge pot rouge');
    const pair = hashWordPair(hashWord('pot'), hashWord('rouge'));
    const back = hashWordPair(hashWord('rouge'), hashWord('pot'));
    expect(countsOf(counter.words)).toEqual(
      new Map([
        [words.find(hashWord('pot')), 2],
        [words.find(hashWord('rouge')), 2],
        [words.find(pair), 2],
        [words.find(back), 1],
      ]),
    );
  });

  it('forgets the text before', () => {
    const counter = new NgramCounter(new Vocabulary(), new Vocabulary(), true);
    counter.count('chaise rouge');
    counter.count('');
    expect([counter.words.size, counter.characters.size]).toEqual([0, 0]);
    counter.count('pot');
    expect([...countsOf(counter.words).values()]).toEqual([1]);
  });

  it('leaves out what a fixed vocabulary does not hold, and does not enlarge it', () => {
    const words = Vocabulary.fromHashes(Uint32Array.of(hashWord('rouge')));
    const characters = Vocabulary.fromHashes(hashCharacterGrams('ab').slice(0, 1));
    const counter = new NgramCounter(words, characters, false);
    counter.count('pot rouge ab');
    expect([...countsOf(counter.words)]).toEqual([[0, 1]]);
    expect([...countsOf(counter.characters)]).toEqual([[0, 1]]);
    expect([words.size, characters.size]).toEqual([1, 1]);
  });

  it('gives the same counts with a full cache as with an empty one', () => {
    const characters = new Vocabulary();
    const counter = new NgramCounter(new Vocabulary(), characters, true);
    counter.count('chaise');
    const before = [...countsOf(counter.characters)];
    for (let i = 0; i < 60; i++) {
      counter.count(Array.from({ length: 1_000 }, (_, j) => `x${i}y${j}`).join(' '));
    }
    counter.count('chaise');
    expect([...countsOf(counter.characters)]).toEqual(before);
  });
});
